import type { FileHandle } from 'node:fs/promises';
import { readAt } from './read-at.ts';
import { type ElementHeader, MAX_HEADER_BYTES, parseElementHeader, readElements, readNumber } from './ebml.ts';
import * as ids from './matroska-ids.ts';
import { parseSegment } from './matroska-segment.ts';

/** What is read of a file, and how much of each at most: 200 000 cues. */
const MAX_PART_BYTES: ReadonlyMap<number, number> = new Map([
  [ids.SEEK_HEAD, 65_536],
  [ids.INFO, 65_536],
  [ids.TRACKS, 1_048_576],
  [ids.CUES, 4_194_304],
]);
const SOUGHT = [ids.INFO, ids.TRACKS, ids.CUES] as const;
/** Honest files have a dozen elements beside their clusters. */
const MAX_ELEMENTS = 64;
const HEAD_BYTES = 16_384;
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
  const parts = await readParts(file);
  const [info, tracks, cues] = SOUGHT.map((id) => parts.get(id));
  const track = tracks && findTrack(tracks, stream);
  if (info === undefined || cues === undefined || track === undefined) return undefined;
  const scaleNs = readNumber(info, ids.TIMESTAMP_SCALE) || DEFAULT_SCALE_NS;
  const times = readCueTimes(cues, track);
  return times.length < MIN_CUES ? undefined : times.map((time) => (time * scaleNs) / 1e9).sort((a, b) => a - b);
}

/** From the segment's first element to the next, up to the first cluster, and to where seek heads lead. */
async function readParts(file: FileHandle): Promise<ReadonlyMap<number, Buffer>> {
  const parts = new Map<number, Buffer>();
  const { size } = await file.stat();
  const segment = parseSegment(await readAt(file, 0, HEAD_BYTES));
  const offsets = new Set(segment && [segment.dataOffset]);
  const visit = (offset: number): void => {
    if (offset < size && offsets.size < MAX_ELEMENTS) offsets.add(offset);
  };
  for (const offset of offsets) {
    const header = await readHeader(file, offset);
    if (segment === undefined || header?.dataBytes === undefined || header.id === ids.CLUSTER) continue;
    const { id, headerBytes, dataBytes } = header;
    visit(offset + headerBytes + dataBytes);
    if (parts.has(id) || dataBytes > (MAX_PART_BYTES.get(id) ?? -1)) continue;
    const data = await readAt(file, offset + headerBytes, dataBytes);
    if (id === ids.SEEK_HEAD) for (const position of readPositions(data)) visit(segment.dataOffset + position);
    else if (data.length === dataBytes) parts.set(id, data);
    if (SOUGHT.every((sought) => parts.has(sought))) break;
  }
  return parts;
}

const readHeader = async (file: FileHandle, offset: number): Promise<ElementHeader | undefined> =>
  parseElementHeader(await readAt(file, offset, MAX_HEADER_BYTES));

/** Of what is sought, from the beginning of the segment's data. */
function* readPositions(seekHead: Buffer): Generator<number> {
  for (const seek of readElements(seekHead, ids.SEEK)) {
    const position = readNumber(seek, ids.SEEK_POSITION);
    if (position !== undefined && MAX_PART_BYTES.has(readNumber(seek, ids.SEEK_ID) ?? 0)) yield position;
  }
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
