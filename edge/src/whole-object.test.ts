import type { MediaObject } from '@mediaflow/shared/keys';
import { expect, it } from 'vitest';
import { openWhole } from './whole-object.ts';

const BOXED: MediaObject = { kind: 'segment', renditionId: 'v720', number: 0 };
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
  const opened = await openWhole(objectOf(streamOf(SEGMENT, pieceBytes), SEGMENT.length), BOXED);
  expect(new Uint8Array(await new Response(opened?.body).arrayBuffer())).toEqual(SEGMENT);
});

it('does not give half of one, and lets go of it', async () => {
  const cancelled = Promise.withResolvers<void>();
  expect(await openWhole(objectOf(streamOf(HALF, 1_000, cancelled.resolve), HALF.length), BOXED)).toBeUndefined();
  await cancelled.promise;
});

it('sees it in one piece too', async () => {
  expect(await openWhole(objectOf(HALF, HALF.length), BOXED)).toBeUndefined();
  expect((await openWhole(objectOf(SEGMENT, SEGMENT.length), BOXED))?.body).toBe(SEGMENT);
});

it('passes on what a store says when it fails', async () => {
  const failing = new ReadableStream<Uint8Array>({
    pull() {
      throw new TypeError('the store went away');
    },
  });
  await expect(openWhole(objectOf(failing, SEGMENT.length), BOXED)).rejects.toThrow('the store went away');
});

const PLAYLIST = new Uint8Array(new TextEncoder().encode('#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n0.m4s\n#EXT-X-ENDLIST\n'));
const LISTED: MediaObject = { kind: 'playlist', renditionId: 'v720' };

it('gives a playlist that has its end, and none that has not', async () => {
  const opened = await openWhole(objectOf(streamOf(PLAYLIST, 7), PLAYLIST.length), LISTED);
  expect(opened?.body).toEqual(PLAYLIST);
  const cut = PLAYLIST.slice(0, -15);
  expect(await openWhole(objectOf(streamOf(cut, 7), cut.length), LISTED)).toBeUndefined();
});

it('calls a playlist that breaks off on its way no absence', async () => {
  const broken = openWhole(objectOf(streamOf(PLAYLIST.slice(0, -15), 7), PLAYLIST.length), LISTED);
  await expect(broken).rejects.toMatchObject({ code: 'unavailable' });
});
