import type { Readable } from 'node:stream';

/** A Node stream as a web stream whose failure is `translate`d. Cancelling it destroys the Node stream, read from or not. */
export function toWebBody(readable: Readable, translate: (error: unknown) => unknown): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array, void> = readable[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          controller.error(translate(error));
        }
      },
      cancel() {
        readable.destroy();
      },
    },
    // Node's stream has a buffer of its own.
    { highWaterMark: 0 },
  );
}
