import type { FileHandle } from 'node:fs/promises';
import { defaultReaderConfig, isIsoBoxType, readIsoBoxes } from '@svta/cml-iso-bmff';
import { readAt } from '../read-at.ts';
import { readBoxes, readBoxesAt } from './boxes.ts';

/** A million keyframes, or half a million pictures that all stand another time. */
const MAX_TABLE_BYTES = 4_194_304;
/** Size, type, version and flags, number of rows. */
const TABLE_HEADER_BYTES = 16;
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
  const { size } = await file.stat();
  const track = (await readBoxesAt(file, await readBoxes(file, 0, size), size, ['moov', 'trak']))[stream];
  if (track === undefined) return undefined;
  const trackEnd = track.offset + track.sizeBytes;
  const parts = await readBoxes(file, track.offset + track.headerBytes, trackEnd);
  const read = async (...path: readonly string[]): Promise<Buffer | undefined> => {
    const [box] = await readBoxesAt(file, parts, trackEnd, path);
    return box && readAt(file, box.offset, box.sizeBytes <= MAX_TABLE_BYTES ? box.sizeBytes : 0);
  };
  const timescale = readTimescale(await read('mdia', 'mdhd'));
  if (timescale === undefined || isCutTogether(await read('edts', 'elst'), timescale)) return undefined;
  const keyframes = readNumbers(await read('mdia', 'minf', 'stbl', 'stss'), 1);
  const durations = readNumbers(await read('mdia', 'minf', 'stbl', 'stts'), 2);
  if (keyframes.length === 0 || durations.length === 0) return undefined;
  return startTicks(keyframes, durations).map((ticks) => ticks / timescale);
}

function readTimescale(bytes: Buffer | undefined): number | undefined {
  const box = parseBox(bytes);
  return isIsoBoxType('mdhd', box) && box.timescale > 0 ? box.timescale : undefined;
}

function isCutTogether(bytes: Buffer | undefined, timescale: number): boolean {
  if (bytes === undefined) return false;
  const box = parseBox(bytes);
  if (!isIsoBoxType('elst', box)) return true;
  // An edit without media (-1) only delays the track.
  const shown = box.entries.filter(({ mediaTime }) => mediaTime >= 0);
  return shown.length > 1 || shown.some(({ mediaTime }) => mediaTime / timescale > MAX_SKIPPED_SECONDS);
}

/** An empty object for what is no box, or less of one than it says. */
function parseBox(bytes: Buffer | undefined): object {
  try {
    return (bytes !== undefined && readIsoBoxes(bytes, defaultReaderConfig())[0]) || {};
  } catch (error) {
    if (error instanceof RangeError) return {};
    throw error;
  }
}

/** The unsigned 32-bit numbers of a table, as many whole rows as it says and has. */
function readNumbers(table: Buffer | undefined, columns: number): Uint32Array {
  if (table === undefined || table.length < TABLE_HEADER_BYTES) return new Uint32Array();
  const rows = Math.min(table.readUInt32BE(TABLE_HEADER_BYTES - 4), Math.floor((table.length - TABLE_HEADER_BYTES) / (4 * columns)));
  const numbers = new Uint32Array(rows * columns);
  for (let index = 0; index < numbers.length; index += 1) numbers[index] = table.readUInt32BE(TABLE_HEADER_BYTES + 4 * index);
  return numbers;
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
