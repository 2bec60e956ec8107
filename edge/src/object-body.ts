import type { Bytes } from '@mediaflow/shared/signed';
import type { ObjectBody } from './ports.ts';

/** workerd's own passes bytes natively, and lets a response state its length. */
const FixedLength = (globalThis as { FixedLengthStream?: new (sizeBytes: number) => TransformStream<Uint8Array, Uint8Array> })
  .FixedLengthStream;

/** The same bytes; a stream of any other length than `sizeBytes` breaks, so that no part is ever taken for the whole. */
export function fixLength(body: ReadableStream<Uint8Array>, sizeBytes: number): ReadableStream<Uint8Array> {
  return body.pipeThrough(FixedLength === undefined ? countBytes(sizeBytes) : new FixedLength(sizeBytes));
}

/** Fixed in length, so that a store that breaks off midway breaks the response too. */
export const exactBody = (body: ObjectBody, sizeBytes: number): ObjectBody =>
  body instanceof Uint8Array ? body : fixLength(body, sizeBytes);

function countBytes(sizeBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let missingBytes = sizeBytes;
  return new TransformStream({
    transform(chunk, controller) {
      missingBytes -= chunk.length;
      if (missingBytes < 0) throw new TypeError('The body is longer than its stated length.');
      controller.enqueue(chunk);
    },
    flush() {
      if (missingBytes > 0) throw new TypeError('The body ended before its stated length.');
    },
  });
}

/** All of a body in one piece. Throws when it is of any other length than `sizeBytes`. */
export async function readWhole(body: ObjectBody, sizeBytes: number): Promise<Bytes> {
  if (body instanceof Uint8Array) return body;
  const bytes = new Uint8Array(sizeBytes);
  let filled = 0;
  for await (const chunk of fixLength(body, sizeBytes)) {
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  return bytes;
}

/** Two bodies of one. What one side has read and the other not is held in memory. */
export const splitBody = (body: ObjectBody): readonly [ObjectBody, ObjectBody] => (body instanceof Uint8Array ? [body, body] : body.tee());

/** Lets go of a body that nobody will read. */
export async function discardBody(body: ObjectBody): Promise<void> {
  if (!(body instanceof Uint8Array)) await body.cancel();
}
