import { expect, it } from 'vitest';
import { openWhole } from './whole-object.ts';

const SEGMENT = new Uint8Array(40_000);
const boxes: readonly (readonly [string, number, number])[] = [
  ['styp', 0, 24],
  ['moof', 24, 4_000],
  ['mdat', 4_024, SEGMENT.length - 4_024],
];
for (const [type, offset, sizeBytes] of boxes) {
  new DataView(SEGMENT.buffer).setUint32(offset, sizeBytes);
  SEGMENT.set(new TextEncoder().encode(type), offset + 4);
}
const HALF = SEGMENT.slice(0, SEGMENT.length / 2);

/** In pieces as small as a slow network gives them. */
function streamOf(bytes: Uint8Array<ArrayBuffer>, pieceBytes: number, onCancel = (): void => undefined): ReadableStream<Uint8Array> {
  let offset = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (offset >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(offset, offset + pieceBytes));
      offset += pieceBytes;
    },
    cancel: onCancel,
  });
}
const objectOf = (body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>, sizeBytes: number) => ({ body, sizeBytes, etag: '"e"' });

it.each([7, 1_000, 100_000])('gives all bytes of a segment that comes in pieces of %i', async (pieceBytes) => {
  const opened = await openWhole(objectOf(streamOf(SEGMENT, pieceBytes), SEGMENT.length));
  expect(new Uint8Array(await new Response(opened?.body).arrayBuffer())).toEqual(SEGMENT);
});

it('does not give half of one, and lets go of it', async () => {
  const cancelled = Promise.withResolvers<void>();
  expect(await openWhole(objectOf(streamOf(HALF, 1_000, cancelled.resolve), HALF.length))).toBeUndefined();
  await cancelled.promise;
});

it('sees it in one piece too', async () => {
  expect(await openWhole(objectOf(HALF, HALF.length))).toBeUndefined();
  expect((await openWhole(objectOf(SEGMENT, SEGMENT.length)))?.body).toBe(SEGMENT);
});

it('passes on what a store says when it fails', async () => {
  const failing = new ReadableStream<Uint8Array>({
    pull() {
      throw new TypeError('the store went away');
    },
  });
  await expect(openWhole(objectOf(failing, SEGMENT.length))).rejects.toThrow('the store went away');
});
