import type { FileHandle } from 'node:fs/promises';
import { readElements, readNumber } from './ebml.ts';
import * as ids from './ids.ts';
import { readParts } from './parts.ts';

/** RFC 9559, 5.1.2.9. */
const DEFAULT_SCALE_NS = 1_000_000;
/** Video, audio, subtitles, metadata: ffmpeg passes over the other types. */
const STREAM_TYPES: ReadonlySet<number> = new Set([1, 2, 17, 33]);
/** ffmpeg does not seek by fewer. */
const MIN_CUES = 2;

/**
 * When the keyframes of a track of a Matroska or WebM file are shown that its cues name, in seconds of its clock (RFC 9559, 5.1.5): a few
 * reads, whatever its length. ffmpeg begins at these, and at others only after the last of them.
 *
 * @param stream the track, as ffmpeg counts them
 * @returns undefined where there are no cues, as in what browsers record
 */
export async function readMatroskaKeyframes(file: FileHandle, stream: number): Promise<readonly number[] | undefined> {
  const parts = await readParts(file, [ids.INFO, ids.TRACKS, ids.CUES]);
  const [info, tracks, cues] = [parts.get(ids.INFO), parts.get(ids.TRACKS), parts.get(ids.CUES)];
  const track = tracks && findTrack(tracks, stream);
  if (info === undefined || cues === undefined || track === undefined) return undefined;
  const scaleNs = readNumber(info, ids.TIMESTAMP_SCALE) || DEFAULT_SCALE_NS;
  const times = readCueTimes(cues, track);
  return times.length < MIN_CUES ? undefined : times.map((time) => (time * scaleNs) / 1e9).sort((a, b) => a - b);
}

function findTrack(tracks: Buffer, stream: number): number | undefined {
  let index = 0;
  for (const entry of readElements(tracks, ids.TRACK_ENTRY)) {
    if (!STREAM_TYPES.has(readNumber(entry, ids.TRACK_TYPE) ?? 0)) continue;
    if (index === stream) return readNumber(entry, ids.TRACK_NUMBER);
    index += 1;
  }
  return undefined;
}

function readCueTimes(cues: Buffer, track: number): readonly number[] {
  const times: number[] = [];
  for (const point of readElements(cues, ids.CUE_POINT)) {
    const time = readNumber(point, ids.CUE_TIME);
    if (time === undefined) continue;
    for (const position of readElements(point, ids.CUE_TRACK_POSITIONS))
      if (readNumber(position, ids.CUE_TRACK) === track) times.push(time);
  }
  return times;
}
