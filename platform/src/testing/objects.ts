import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { ObjectStore, StoredObject } from '@mediaflow/shared/object-store';

export async function present(promise: Promise<StoredObject | undefined>): Promise<StoredObject> {
  const object = await promise;
  if (object === undefined) throw new Error('the object is absent');
  return object;
}

export async function readBytes(object: StoredObject): Promise<Buffer> {
  return await buffer(object.body);
}

export async function listKeys(store: ObjectStore, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys.toSorted();
}

export function streamOf(...chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

/** In pieces, so that two writers take turns. */
export function inChunks(bytes: Buffer): ReadableStream<Uint8Array> {
  const size = 100_000;
  return streamOf(
    ...Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size)),
  );
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
