import type { AssetId } from '@mediaflow/shared/ids';
import { findIntact } from '@mediaflow/shared/intact-object';
import type { StoredSegments } from '@mediaflow/shared/jobs';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import type { MediaRendition } from '@mediaflow/shared/rendition';
import { readKeyframeBytes } from '../package/keyframe-bytes.ts';

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
 * Those of the given segments that are stored already and whole, asked for all at once. Of a rendition without its init segment
 * none count: making one of them again brings it back.
 */
export async function findStored(
  store: ObjectStore,
  media: MediaVersion,
  renditions: readonly MediaRendition[],
  numbers: readonly number[],
): Promise<readonly StoredSegment[]> {
  const found = renditions.map(async (rendition): Promise<readonly StoredSegment[]> => {
    const { assetId, version } = media;
    const init = findIntact(store, { assetId, version, object: { kind: 'init', renditionId: rendition.id } });
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
  const object = await findIntact(store, { assetId, version, object: { kind: 'segment', renditionId, number } });
  if (object === undefined) return undefined;
  const segment = { renditionId, number, sizeBytes: object.sizeBytes };
  if (kind === 'audio') return segment;
  const keyframeBytes = readKeyframeBytes(object.head);
  // What cannot be read is made again; `ifAbsent` then leaves it as it is, and its size is the same.
  return keyframeBytes === undefined ? undefined : { ...segment, keyframeBytes };
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
