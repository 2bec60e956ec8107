import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AudioStream, Source, VideoStream } from '@mediaflow/shared/source';
import { inputGuards } from '../ffmpeg/command.ts';
import { isEncodeFailure } from '../ffmpeg/ffmpeg-error.ts';
import { type PacketList, parseFrameCrc } from '../ffmpeg/frame-crc.ts';
import { type RunOptions, runFfmpeg } from '../ffmpeg/run.ts';
import { areEven, findFrameGrid, mayHaveFrameGrid } from './frame-grid.ts';

/** Formats in which a seek finds packets with timestamps of their own; raw MP3 and AAC have none. */
const TIMED_DEMUXERS: ReadonlySet<string> = new Set(['mov', 'matroska', 'mpegts', 'mpeg', 'avi', 'flv', 'ogg', 'asf', 'flac']);
/** Those in which it pays that pictures come evenly: it is the keyframe at a window that is decoded first, and not one before. */
const EVEN_DEMUXERS: ReadonlySet<string> = new Set(['matroska']);
/** About a second of each track of sound at each place, and some of pictures. */
const PACKETS_PER_PLACE = 40;
const PICTURES_PER_PLACE = 100;
/** After a seek, ffmpeg guesses the time of packets until one states its own. */
const GUESSED_PACKETS = 3;
/** The last place, from the end: late enough that a clock that drifts or jumped anywhere shows it there. */
const TAIL_SECONDS = 5;

/** The source with what the times of packets at a few places say of its tracks; nothing is decoded. */
export async function withSampledTimes(path: string, source: Source, options: RunOptions): Promise<Source> {
  const { demuxer, startMs, video } = source;
  const sound = source.audio.filter(
    ({ codec, isSeekExact }) => TIMED_DEMUXERS.has(demuxer) && isSeekExact !== true && mayHaveFrameGrid(codec),
  );
  const pictures = video?.isUneven && EVEN_DEMUXERS.has(demuxer) ? [video] : [];
  const streams = [...sound, ...pictures];
  if (streams.length === 0) return source;
  const places = await readPlaces(path, source, streams, options);
  const packetsMsOf = (stream: AudioStream | VideoStream): readonly number[] =>
    places.flatMap((tracks) => tracks[streams.indexOf(stream)] ?? []);
  return {
    ...source,
    audio: source.audio.map((stream) => {
      const frameGrid = findFrameGrid(stream, packetsMsOf(stream), startMs);
      return frameGrid === undefined ? stream : { ...stream, frameGrid };
    }),
    ...(video !== undefined && { video: pictures.includes(video) && areEven(packetsMsOf(video), video) ? evenOf(video) : video }),
  };
}

const evenOf = ({ isUneven: _, ...video }: VideoStream): VideoStream => video;

/** Timestamps in milliseconds by place and track; none where the file cannot be read, which is then decoded as a whole. */
async function readPlaces(
  path: string,
  { demuxer, durationMs }: Source,
  streams: readonly { readonly index: number }[],
  options: RunOptions,
): Promise<readonly (readonly (readonly number[])[])[]> {
  const folder = await mkdtemp(`${path}-`);
  try {
    const readAt = async (seconds: number, index: number): Promise<readonly (readonly number[])[]> => {
      const outputPath = join(folder, `${index}.txt`);
      await runFfmpeg(
        {
          inputOptions: ['-copyts', '-noaccurate_seek', ...(seconds > 0 ? ['-ss', seconds.toFixed(3)] : []), ...inputGuards(demuxer)],
          inputPath: path,
          filters: [],
          outputs: [
            {
              options: [
                ...streams.flatMap((stream) => ['-map', `0:${stream.index}`]),
                ...['-c', 'copy', '-frames:a', String(PACKETS_PER_PLACE), '-frames:v', String(PICTURES_PER_PLACE), '-f', 'framecrc'],
              ],
              path: outputPath,
            },
          ],
        },
        options,
      );
      const tracks = parseFrameCrc(await readFile(outputPath, 'utf8'));
      return streams.map((_, order) => timesMs(tracks.get(order)).slice(seconds > 0 ? GUESSED_PACKETS : 0));
    };
    return await Promise.all(placesOf(durationMs / 1000).map(readAt));
  } catch (error) {
    if (isEncodeFailure(error)) return [];
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The beginning, whence the grid counts; the middle; the end. */
const placesOf = (durationSeconds: number): readonly number[] =>
  durationSeconds < 2 * TAIL_SECONDS ? [0] : [0, durationSeconds / 2, durationSeconds - TAIL_SECONDS];

const timesMs = (list: PacketList | undefined): readonly number[] => list?.ticks.map((tick) => tick * list.tickSeconds * 1000) ?? [];
