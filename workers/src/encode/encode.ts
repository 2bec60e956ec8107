import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import type { AudioRendition, Rendition, VideoRendition } from '@mediaflow/shared/ladder';
import type { Source } from '@mediaflow/shared/source';
import { segmentAudioFrames, segmentFrames, type Timeline } from '@mediaflow/shared/timeline';
import { runFfmpeg } from '../ffmpeg/run.ts';
import { cutSegments, type PackagedRendition } from '../package/cut-segments.ts';
import { type CodedTrack, readFragmentedMp4 } from '../package/fragmented-mp4.ts';
import { audioCommand, encodedFrom } from './audio-args.ts';
import { rangeFrames, type SegmentRange } from './grid.ts';
import { videoSeeks } from './seek.ts';
import { videoCommand } from './video-args.ts';

export interface EncodeOptions {
  /** The source as a local file. */
  readonly inputPath: string;
  /** An empty folder for the encoder's output. */
  readonly workDir: string;
  readonly timeline: Timeline;
  /** Somebody may be waiting for these very segments: more threads, no yielding to others. */
  readonly isUrgent: boolean;
  readonly signal: AbortSignal;
}

/** Frame threads of an urgent encode. Fixed, because the bytes depend on it and a unit done twice must be the same. */
const URGENT_THREADS = 4;
const BACKGROUND_NICENESS = 10;
/** A source whose sound is decoded from its beginning passes at least this much faster than it plays. */
const SLOWEST_DECODE_SPEED = 50;

/**
 * Encodes some renditions over a few consecutive segments: all video renditions from one decode, each audio rendition
 * by itself. A pure function of its arguments, down to the bytes.
 *
 * @throws AppError `truncated` when the source lacks pictures that its header promises; `encode_failed`, `encode_stalled`
 */
export async function encode(
  source: Source,
  renditions: readonly Rendition[],
  range: SegmentRange,
  options: EncodeOptions,
): Promise<readonly PackagedRendition[]> {
  const videos = renditions.filter((rendition) => rendition.kind === 'video');
  const audios = renditions.filter((rendition) => rendition.kind === 'audio');
  const packaged: PackagedRendition[] = videos.length > 0 ? await encodeVideo(source, videos, range, options) : [];
  for (const audio of audios) packaged.push(await encodeAudio(source, audio, range, options));
  return packaged;
}

async function encodeVideo(
  source: Source,
  renditions: readonly VideoRendition[],
  range: SegmentRange,
  options: EncodeOptions,
): Promise<PackagedRendition[]> {
  const { timeline, inputPath, workDir, isUrgent, signal } = options;
  const frames = rangeFrames(segmentFrames, timeline, range);
  const outputPathOf = ({ id }: VideoRendition): string => join(workDir, `${id}.mp4`);
  for (const seekSeconds of videoSeeks(source, timeline, frames)) {
    const threads = isUrgent ? URGENT_THREADS : 1;
    const command = videoCommand({ source, timeline, renditions, frames, threads, seekSeconds, inputPath, outputPathOf });
    await runFfmpeg(command, { signal, niceness: isUrgent ? 0 : BACKGROUND_NICENESS });
    const tracks = await Promise.all(renditions.map(async (rendition) => ({ rendition, track: await readTrack(outputPathOf(rendition)) })));
    // Too few means that the seek led past the window's first picture: begin earlier.
    if (tracks.every(({ track }) => track.samples.length >= frames.count))
      return tracks.map(({ track, rendition }) => cutSegments(track, rendition, timeline, range));
  }
  throw new AppError('truncated', 'The picture ends earlier than the file says. Upload the video again.', { details: { ...range } });
}

async function encodeAudio(
  source: Source,
  rendition: AudioRendition,
  range: SegmentRange,
  options: EncodeOptions,
): Promise<PackagedRendition> {
  const { timeline, inputPath, workDir, isUrgent, signal } = options;
  const frames = rangeFrames(segmentAudioFrames, timeline, range);
  const outputPath = join(workDir, `${rendition.id}.mp4`);
  const command = audioCommand({ source, timeline, rendition, frames, inputPath, outputPath });
  await runFfmpeg(command, {
    signal,
    niceness: isUrgent ? 0 : BACKGROUND_NICENESS,
    stallTimeoutMs: 60_000 + source.durationMs / SLOWEST_DECODE_SPEED,
  });
  const { sampleEntry, samples } = await readTrack(outputPath);
  const skipped = frames.first - encodedFrom(frames);
  return cutSegments({ sampleEntry, samples: samples.slice(skipped, skipped + frames.count) }, rendition, timeline, range);
}

async function readTrack(path: string): Promise<CodedTrack> {
  return readFragmentedMp4(await readFile(path));
}
