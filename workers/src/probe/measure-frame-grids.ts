import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AudioStream, Source } from '@mediaflow/shared/source';
import { inputGuards } from '../ffmpeg/command.ts';
import { isEncodeFailure } from '../ffmpeg/ffmpeg-error.ts';
import { type PacketList, parseFrameCrc } from '../ffmpeg/frame-crc.ts';
import { type RunOptions, runFfmpeg } from '../ffmpeg/run.ts';
import { findFrameGrid, mayHaveFrameGrid } from './frame-grid.ts';

/** Formats in which a seek finds packets with timestamps of their own; raw MP3 and AAC have none. */
const TIMED_DEMUXERS: ReadonlySet<string> = new Set(['mov', 'matroska', 'mpegts', 'mpeg', 'avi', 'flv', 'ogg', 'asf', 'flac']);
/** About a second of each track at each place. */
const PACKETS_PER_PLACE = 40;
/** After a seek, ffmpeg guesses the time of packets until one states its own. */
const GUESSED_PACKETS = 3;
/** The last place, from the end: late enough that a clock that drifts or jumped anywhere shows it there. */
const TAIL_SECONDS = 5;

/** The source with the frame grid of each track that has one, found by reading packets at a few places; nothing is decoded. */
export async function withFrameGrids(path: string, source: Source, options: RunOptions): Promise<Source> {
  const candidates = TIMED_DEMUXERS.has(source.demuxer)
    ? source.audio.filter(({ codec, isSeekExact }) => isSeekExact !== true && mayHaveFrameGrid(codec))
    : [];
  if (candidates.length === 0) return source;
  const places = await readPlaces(path, source, candidates, options);
  const audio = source.audio.map((stream) => {
    const order = candidates.indexOf(stream);
    const packetsMs = places.flatMap((tracks) => tracks[order] ?? []);
    const frameGrid = order < 0 ? undefined : findFrameGrid(stream, packetsMs, source.startMs);
    return frameGrid === undefined ? stream : { ...stream, frameGrid };
  });
  return { ...source, audio };
}

/** Timestamps in milliseconds by place and track; none where the file cannot be read, which is then decoded as a whole. */
async function readPlaces(
  path: string,
  { demuxer, durationMs }: Source,
  streams: readonly AudioStream[],
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
                ...['-c', 'copy', '-frames:a', String(PACKETS_PER_PLACE), '-f', 'framecrc'],
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
