import type { FileHandle } from 'node:fs/promises';
import { isIsoBoxType } from '@svta/cml-iso-bmff';
import { readBoxes, readBoxesAt, readMovFile } from './boxes.ts';
import { parseBox, readBoxBytes, readNumbers, readTimescale } from './tables.ts';

/** An edit that skips more than the delay of B-frames, which the whole track has, hides the first pictures. */
const MAX_SKIPPED_SECONDS = 0.5;

/**
 * When the keyframes of a track of an MP4 or QuickTime file are shown, in seconds after its first picture, out of the file's index
 * (ISO/IEC 14496-12, 8.6): a few reads, whatever its length. True to a picture or two, since only times of decoding are looked at.
 *
 * @param stream the track, as ffmpeg counts them
 * @returns undefined where the index does not say: fragments, keyframes alone, a track put together by edits
 */
export async function readMovKeyframes(file: FileHandle, stream: number): Promise<readonly number[] | undefined> {
  const { boxes, sizeBytes } = await readMovFile(file);
  const track = (await readBoxesAt(file, boxes, sizeBytes, ['moov', 'trak']))[stream];
  if (track === undefined) return undefined;
  const trackEnd = track.offset + track.sizeBytes;
  const parts = await readBoxes(file, track.offset + track.headerBytes, trackEnd);
  const read = (...path: readonly string[]): Promise<Buffer | undefined> => readBoxBytes(file, parts, trackEnd, path);
  const timescale = readTimescale(await read('mdia', 'mdhd'));
  if (timescale === undefined || readSkippedTicks(await read('edts', 'elst'), timescale) === undefined) return undefined;
  const keyframes = readNumbers(await read('mdia', 'minf', 'stbl', 'stss'), 1);
  const durations = readNumbers(await read('mdia', 'minf', 'stbl', 'stts'), 2);
  if (keyframes.length === 0 || durations.length === 0) return undefined;
  return startTicks(keyframes, durations).map((ticks) => ticks / timescale);
}

/**
 * How much of a track its one edit leaves out at the beginning, in ticks; undefined where edits put it together.
 *
 * @param bytes of the track's `elst`
 */
export function readSkippedTicks(bytes: Buffer | undefined, timescale: number): number | undefined {
  if (bytes === undefined) return 0;
  const box = parseBox(bytes);
  if (!isIsoBoxType('elst', box)) return undefined;
  // An edit without media (-1) only delays the track.
  const [edit, ...more] = box.entries.filter(({ mediaTime }) => mediaTime >= 0);
  const skippedTicks = edit?.mediaTime ?? 0;
  return more.length > 0 || skippedTicks / timescale > MAX_SKIPPED_SECONDS ? undefined : skippedTicks;
}

/**
 * When samples begin to be decoded, in ticks; none for what the runs do not reach. Pure.
 *
 * @param samples counted from 1, ascending (`stss`)
 * @param runs how many samples after one another, then how many ticks each of them lasts, and so on (`stts`)
 */
export function startTicks(samples: Iterable<number>, runs: ArrayLike<number>): readonly number[] {
  const ticks: number[] = [];
  let [run, firstSample, firstTick] = [0, 1, 0];
  for (const sample of samples) {
    for (; run < runs.length; run += 2) {
      const [count, duration] = [runs[run] ?? 0, runs[run + 1] ?? 0];
      if (sample < firstSample + count) {
        ticks.push(firstTick + (sample - firstSample) * duration);
        break;
      }
      firstSample += count;
      firstTick += count * duration;
    }
  }
  return ticks;
}
