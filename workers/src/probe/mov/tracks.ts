import { isIsoBoxType } from '@svta/cml-iso-bmff';
import type { Findings } from '../findings.ts';
import { findStreams, type Probe } from '../parse.ts';
import { mayBeUneven } from '../streams/video-stream.ts';
import { type MovFile, readBoxes, readBoxesAt } from './boxes.ts';
import { type FragmentSpan, readFragmentSpans } from './fragment-spans.ts';
import { readIndexedTracks } from './indexed-tracks.ts';
import { readSkippedTicks } from './keyframes.ts';
import { pictureTicks } from './picture-times.ts';
import { parseBox, readBoxBytes, readNumbers, readTimescale } from './tables.ts';

/** Clocks of movie and track round otherwise, and pictures are shown later than they are decoded. */
const TOLERANCE_SECONDS = 1;

const MEDIA: ReadonlySet<string | undefined> = new Set(['video', 'audio']);

const SAMPLE_TABLE = ['mdia', 'minf', 'stbl'] as const;

type Stream = Probe['streams'][number];

/** A track by its own boxes; lengths in seconds. */
interface MovTrack {
  readonly id: number;
  readonly timescale: number;
  /** Of the samples in its index; undefined where that is too large to be read. */
  readonly indexSeconds: number | undefined;
  /** What its edits show, without the delay before; undefined where there are none. */
  readonly editSeconds: number | undefined;
  /** The bytes of a box at a path below the track's, as `readBoxBytes` gives them. */
  readonly readBox: (...path: readonly string[]) => Promise<Buffer | undefined>;
}

/**
 * What ffprobe says otherwise of an MP4 or QuickTime file. It repeats a track's header (ISO/IEC 14496-12, 8.4.2), where recorders leave 0 or a
 * guess, and tracks without a sample, as of a microphone that was off. In fragments (8.8) it counts from the zero of a clock that may be that of
 * a broadcast; behind an index of fragments (`sidx`) it has read the first ones alone.
 */
export async function examineMov(probe: Probe, mov: MovFile): Promise<Findings> {
  const { file, sizeBytes, boxes } = mov;
  const tracks = new Map((await readTracks(mov)).map((track) => [track.id, track]));
  const trackOf = ({ id }: Stream): MovTrack | undefined => tracks.get(Number(id));
  if ((await readBoxesAt(file, boxes, sizeBytes, ['moov', 'mvex'])).length > 0) {
    const spans = await readFragmentSpans(file, boxes);
    const streams = probe.streams.map((stream) => withFragments(stream, trackOf(stream), spans));
    return { probe: { ...probe, streams }, isIndexedInPart: await isIndexedInPart(streams, mov), warnings: [] };
  }
  const streams = probe.streams.filter((stream) => trackOf(stream)?.indexSeconds !== 0);
  const misstated = streams.filter((stream) => isMisstated(stream, trackOf(stream))).map(({ index }) => index);
  const { video } = findStreams({ ...probe, streams });
  const pictureSeconds = video && mayBeUneven(video, 'mov') ? await readPictureSeconds(trackOf(video)) : undefined;
  return { probe: { ...probe, streams }, misstated, ...(pictureSeconds && { pictureSeconds }), warnings: [] };
}

/** Those that are shown: pictures before an edit's beginning are decoded alone, and the grid counts from the first after it. */
async function readPictureSeconds(track: MovTrack | undefined): Promise<readonly number[] | undefined> {
  if (track === undefined) return undefined;
  const skippedTicks = readSkippedTicks(await track.readBox('edts', 'elst'), track.timescale);
  if (skippedTicks === undefined) return undefined;
  const [durations, offsets] = [await track.readBox(...SAMPLE_TABLE, 'stts'), await track.readBox(...SAMPLE_TABLE, 'ctts')];
  const shown = pictureTicks(readNumbers(durations, 2), readNumbers(offsets, 2))?.filter((ticks) => ticks >= skippedTicks) ?? [];
  return shown.length === 0 ? undefined : shown.map((ticks) => ticks / track.timescale);
}

async function isIndexedInPart(streams: readonly Stream[], { file, boxes }: MovFile): Promise<boolean> {
  const indexed = await readIndexedTracks(file, boxes);
  return indexed.size > 0 && streams.some(({ codec_type, id }) => MEDIA.has(codec_type) && !indexed.has(Number(id)));
}

/** The stream at the length of its fragments, whenever they begin. */
function withFragments(stream: Stream, track: MovTrack | undefined, spans: ReadonlyMap<number, FragmentSpan>): Stream {
  const { startTicks, endTicks } = spans.get(Number(stream.id)) ?? {};
  if (track === undefined || stream.duration === undefined || startTicks === undefined) return stream;
  const startSeconds = track.indexSeconds === 0 ? startTicks / track.timescale : 0;
  const endSeconds = endTicks === undefined ? stream.duration : endTicks / track.timescale;
  return { ...stream, duration: Math.max(0, endSeconds - startSeconds) };
}

function isMisstated({ duration = 0 }: Stream, track: MovTrack | undefined): boolean {
  if (track?.indexSeconds === undefined) return false;
  return Math.abs(duration - Math.min(track.indexSeconds, track.editSeconds ?? track.indexSeconds)) > TOLERANCE_SECONDS;
}

async function readTracks({ file, sizeBytes: fileBytes, boxes }: MovFile): Promise<readonly MovTrack[]> {
  const movie = parseBox(await readBoxBytes(file, boxes, fileBytes, ['moov', 'mvhd']));
  const movieTimescale = isIsoBoxType('mvhd', movie) ? movie.timescale : 0;
  const tracks: MovTrack[] = [];
  for (const { offset, headerBytes, sizeBytes } of await readBoxesAt(file, boxes, fileBytes, ['moov', 'trak'])) {
    const trackEnd = offset + sizeBytes;
    const parts = await readBoxes(file, offset + headerBytes, trackEnd);
    const readBox: MovTrack['readBox'] = (...path) => readBoxBytes(file, parts, trackEnd, path);
    const header = parseBox(await readBox('tkhd'));
    const timescale = readTimescale(await readBox('mdia', 'mdhd'));
    if (!isIsoBoxType('tkhd', header) || timescale === undefined) continue;
    const index = await readBox(...SAMPLE_TABLE, 'stts');
    tracks.push({
      id: header.trackId,
      timescale,
      indexSeconds: index === undefined || index.length === 0 ? undefined : lengthOf(readNumbers(index, 2)) / timescale,
      editSeconds: readEditSeconds(await readBox('edts', 'elst'), movieTimescale),
      readBox,
    });
  }
  return tracks;
}

/** @param runs how many samples after one another, then how many ticks each of them lasts, and so on (`stts`) */
const lengthOf = (runs: Uint32Array): number =>
  runs.reduce((ticks, duration, at) => ticks + (at % 2 === 1 ? (runs[at - 1] ?? 0) * duration : 0), 0);

function readEditSeconds(bytes: Buffer | undefined, movieTimescale: number): number | undefined {
  const box = parseBox(bytes);
  if (!isIsoBoxType('elst', box) || movieTimescale === 0) return undefined;
  // An edit without media (-1) before all others only delays the track.
  const shown = box.entries.slice(
    Math.max(
      0,
      box.entries.findIndex(({ mediaTime }) => mediaTime >= 0),
    ),
  );
  return shown.reduce((ticks, { segmentDuration }) => ticks + segmentDuration, 0) / movieTimescale;
}
