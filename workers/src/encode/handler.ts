import type { EncodePayload } from '@mediaflow/shared/jobs';
import { type MediaObject, mediaContentType, mediaKey } from '@mediaflow/shared/keys';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { LAST_URGENT_PRIORITY } from '@mediaflow/shared/units';
import type { Handler } from '../handler.ts';
import type { PackagedRendition } from '../package/cut-segments.ts';
import { encode } from './encode.ts';

/** Encodes one unit and stores its segments. Done twice, it stores the same bytes under the same keys. */
export const handleEncode: Handler<EncodePayload> = async (payload, { signal, store, staging, workspace, report }) => {
  const { assetId, version, source, timeline, renditions, unit } = payload;
  const isUrgent = unit.priority <= LAST_URGENT_PRIORITY;
  const packaged = await staging.withSource(payload, (inputPath) =>
    workspace.withFolder((workDir) => encode(source, renditions, unit, { inputPath, workDir, timeline, isUrgent, signal })),
  );
  // The lowest rung first: a waiting player starts with that.
  for (const rendition of packaged.toReversed()) {
    signal.throwIfAborted();
    await storeRendition(store, rendition, unit.firstSegment, (object) => mediaKey({ assetId, version, object }));
  }
  const segments = packaged.map(({ renditionId, segments }) => ({
    renditionId,
    sizesBytes: segments.map((segment) => segment.byteLength),
  }));
  await report({ kind: 'encoded', assetId, version, unitId: unit.id, segments }, signal);
};

/** The init segment first: no segment is ever stored that cannot be decoded. */
async function storeRendition(
  store: ObjectStore,
  { renditionId, init, segments }: PackagedRendition,
  firstSegment: number,
  keyOf: (object: MediaObject) => string,
): Promise<void> {
  const put = (object: MediaObject, body: Uint8Array): Promise<void> =>
    store.put(keyOf(object), body, { contentType: mediaContentType(object), sizeBytes: body.byteLength });
  await put({ kind: 'init', renditionId }, init);
  await Promise.all(segments.map((segment, index) => put({ kind: 'segment', renditionId, number: firstSegment + index }, segment)));
}
