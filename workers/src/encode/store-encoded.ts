import { type MediaObject, mediaContentType, mediaKey } from '@mediaflow/shared/keys';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import type { PackagedRendition } from '../package/cut-segments.ts';
import type { MediaVersion, StoredSegment } from './stored-segments.ts';

/**
 * Stores what was encoded, the lowest rung first, since a waiting player starts with that, and of each rendition the init
 * segment first: no segment is ever stored that cannot be decoded. An object that is there already stays: it is the same.
 *
 * @param encoded from the largest rung to the smallest, then the sound
 */
export async function storeEncoded(
  store: ObjectStore,
  { assetId, version }: MediaVersion,
  encoded: readonly PackagedRendition[],
  signal: AbortSignal,
): Promise<readonly StoredSegment[]> {
  const put = (object: MediaObject, body: Uint8Array): Promise<void> =>
    store.put(mediaKey({ assetId, version, object }), body, {
      contentType: mediaContentType(object),
      sizeBytes: body.byteLength,
      ifAbsent: true,
    });
  const stored: StoredSegment[] = [];
  for (const { renditionId, init, segments } of encoded.toReversed()) {
    signal.throwIfAborted();
    await put({ kind: 'init', renditionId }, init);
    await Promise.all(segments.map(({ number, bytes }) => put({ kind: 'segment', renditionId, number }, bytes)));
    for (const { number, bytes, keyframeBytes } of segments)
      stored.push({ renditionId, number, sizeBytes: bytes.byteLength, ...(keyframeBytes !== undefined && { keyframeBytes }) });
  }
  return stored;
}
