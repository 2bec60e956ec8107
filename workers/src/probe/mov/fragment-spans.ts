import type { FileHandle } from 'node:fs/promises';
import { isIsoBoxType, type TrackFragmentBox } from '@svta/cml-iso-bmff';
import type { Box } from './boxes.ts';
import { parseBox, readBoxBytes } from './tables.ts';

/** Tracks take turns, each with a fragment of its own at most: one that is not among so many is not looked for. */
const FRAGMENTS_AT_EACH_END = 16;
/** A fragment of an hour of sound has 170,000. A sample without a field of its own takes no byte, and four billion would fill the memory. */
const MAX_SAMPLES = 1_000_000;

/** In ticks of the track; undefined where the fragment does not say it. */
export interface FragmentSpan {
  /** When the first fragment's samples begin. */
  readonly startTicks: number | undefined;
  /** When the last fragment's samples end. */
  readonly endTicks: number | undefined;
}

/**
 * From when to when each track's fragments reach (ISO/IEC 14496-12, 8.8), by track id.
 *
 * @param boxes of the file
 */
export async function readFragmentSpans(file: FileHandle, boxes: readonly Box[]): Promise<ReadonlyMap<number, FragmentSpan>> {
  const fragments = boxes.filter(({ type }) => type === 'moof');
  const firstOnes = await readSpans(file, fragments.slice(0, FRAGMENTS_AT_EACH_END));
  const lastOnes = await readSpans(file, fragments.slice(-FRAGMENTS_AT_EACH_END));
  const [first, last] = [new Map(firstOnes.toReversed()), new Map(lastOnes)];
  return new Map([...first].map(([id, { startTicks }]) => [id, { startTicks, endTicks: last.get(id)?.endTicks }]));
}

/** Of every fragment of every track, in the order of the file. */
async function readSpans(file: FileHandle, fragments: readonly Box[]): Promise<readonly (readonly [id: number, span: FragmentSpan])[]> {
  const spans: (readonly [number, FragmentSpan])[] = [];
  for (const fragment of fragments) {
    const bytes = await readBoxBytes(file, [fragment], fragment.offset + fragment.sizeBytes, ['moof']);
    const moof = parseBox(bytes !== undefined && countSamples(bytes) <= MAX_SAMPLES ? bytes : undefined);
    if (!isIsoBoxType('moof', moof)) continue;
    for (const box of moof.boxes) {
      const header = isIsoBoxType('traf', box) ? box.boxes.find((child) => isIsoBoxType('tfhd', child)) : undefined;
      if (isIsoBoxType('traf', box) && header !== undefined) spans.push([header.trackId, spanOf(box, header.defaultSampleDuration)]);
    }
  }
  return spans;
}

/** As its runs state it (ISO/IEC 14496-12, 8.8.8): behind the type, version and flags. */
function countSamples(moof: Buffer): number {
  let count = 0;
  for (let at = moof.indexOf('trun'); at >= 0 && at + 12 <= moof.length; at = moof.indexOf('trun', at + 4))
    count += moof.readUInt32BE(at + 8);
  return count;
}

/** Samples whose length stands in the track's `trex` alone are not counted, so that such a fragment has no end. */
function spanOf({ boxes }: TrackFragmentBox, defaultTicks: number | undefined): FragmentSpan {
  const startTicks = boxes.find((box) => isIsoBoxType('tfdt', box))?.baseMediaDecodeTime;
  if (startTicks === undefined) return { startTicks, endTicks: undefined };
  const lengths = boxes.flatMap((box) =>
    isIsoBoxType('trun', box) ? box.samples.map(({ sampleDuration }) => sampleDuration ?? defaultTicks) : [],
  );
  if (!lengths.every((ticks) => ticks !== undefined)) return { startTicks, endTicks: undefined };
  return { startTicks, endTicks: lengths.reduce((end, ticks) => end + ticks, startTicks) };
}
