import type { AssetId } from '@mediaflow/shared/ids';
import type { StoredSegments } from '@mediaflow/shared/jobs';
import { mediaKey } from '@mediaflow/shared/keys';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import type { MediaRendition } from '@mediaflow/shared/rendition';
import { readKeyframeBytes, SEGMENT_HEAD_BYTES } from '../package/keyframe-bytes.ts';

/** One segment that is in the store now. */
export interface StoredSegment {
  readonly renditionId: string;
  readonly number: number;
  readonly sizeBytes: number;
  /** Video only. */
  readonly keyframeBytes?: number;
}

export interface MediaVersion {
  readonly assetId: AssetId;
  readonly version: number;
}

/**
 * Those of the given segments that are stored already, asked for all at once. Of a rendition without its init segment none
 * count: making one of them again brings it back.
 */
export async function findStored(
  store: ObjectStore,
  media: MediaVersion,
  renditions: readonly MediaRendition[],
  numbers: readonly number[],
): Promise<readonly StoredSegment[]> {
  const found = renditions.map(async (rendition): Promise<readonly StoredSegment[]> => {
    const init = store.head(
      mediaKey({ assetId: media.assetId, version: media.version, object: { kind: 'init', renditionId: rendition.id } }),
    );
    const segments = numbers.map((number) => findSegment(store, media, rendition, number));
    const [isDecodable, ...all] = await Promise.all([init, ...segments]);
    return isDecodable === undefined ? [] : all.filter((segment) => segment !== undefined);
  });
  return (await Promise.all(found)).flat();
}

async function findSegment(
  store: ObjectStore,
  { assetId, version }: MediaVersion,
  { kind, id: renditionId }: MediaRendition,
  number: number,
): Promise<StoredSegment | undefined> {
  const key = mediaKey({ assetId, version, object: { kind: 'segment', renditionId, number } });
  const info = await store.head(key);
  if (info === undefined) return undefined;
  const segment = { renditionId, number, sizeBytes: info.sizeBytes };
  if (kind === 'audio') return segment;
  const keyframeBytes = await fetchKeyframeBytes(store, key);
  // What cannot be read is made again; `ifAbsent` then leaves it as it is, and its size is the same.
  return keyframeBytes === undefined ? undefined : { ...segment, keyframeBytes };
}

async function fetchKeyframeBytes(store: ObjectStore, key: string): Promise<number | undefined> {
  const head = await store.get(key, { offset: 0, length: SEGMENT_HEAD_BYTES });
  if (head === undefined) return undefined;
  return readKeyframeBytes(new Uint8Array(await new Response(head.body).arrayBuffer()));
}

/** As outcomes carry them: runs of consecutive numbers of each rendition. */
export function groupStored(segments: readonly StoredSegment[]): readonly StoredSegments[] {
  const byRendition = new Map<string, StoredSegment[]>();
  for (const segment of segments) byRendition.set(segment.renditionId, [...(byRendition.get(segment.renditionId) ?? []), segment]);
  return [...byRendition.values()].flatMap((members) => runsOf(members.toSorted((a, b) => a.number - b.number)).map(toStoredSegments));
}

function runsOf(sorted: readonly StoredSegment[]): readonly (readonly StoredSegment[])[] {
  const runs: StoredSegment[][] = [];
  for (const segment of sorted) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1)?.number === segment.number - 1) run.push(segment);
    else runs.push([segment]);
  }
  return runs;
}

function toStoredSegments(run: readonly StoredSegment[]): StoredSegments {
  const keyframeBytes = run.flatMap((segment) => segment.keyframeBytes ?? []);
  return {
    renditionId: run[0]?.renditionId ?? '',
    firstSegment: run[0]?.number ?? 0,
    sizesBytes: run.map(({ sizeBytes }) => sizeBytes),
    ...(keyframeBytes.length > 0 && { keyframeBytes }),
  };
}
