import { AppError } from '@mediaflow/shared/errors';

/**
 * The chunks of `body`; throws before the last is handed on when they do not add up to `sizeBytes`, so that a writer which
 * publishes at the end never publishes a body that was cut short.
 */
export async function* measureBody(
  body: ReadableStream<Uint8Array> | Uint8Array,
  sizeBytes: number | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  let received = 0;
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    received += chunk.byteLength;
    if (sizeBytes !== undefined && received > sizeBytes) assertSize(received, sizeBytes);
    yield chunk;
  }
  assertSize(received, sizeBytes);
}

/** Throws a retryable error: what cuts a stream short is a lost connection more often than a bug. */
export function assertSize(received: number, sizeBytes: number | undefined): void {
  if (sizeBytes === undefined || received === sizeBytes) return;
  throw new AppError('internal', 'The body does not have the announced size.', { details: { sizeBytes, received } });
}
