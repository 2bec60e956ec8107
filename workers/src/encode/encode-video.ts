import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import type { VideoRendition } from '@mediaflow/shared/rendition';
import type { Source } from '@mediaflow/shared/source';
import { segmentFrames } from '@mediaflow/shared/timeline';
import { hasNoPicture, isEncodeFailure } from '../ffmpeg/ffmpeg-error.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import { cutSegments, type PackagedRendition } from '../package/cut-segments.ts';
import type { CodedTrack } from '../package/fragmented-mp4.ts';
import type { Encoded, EncodeOptions } from './encode.ts';
import { type SegmentRange, segmentNumbers } from './grid.ts';
import { inspectPictures } from './inspect-pictures.ts';
import { priorityOf } from './niceness.ts';
import { mayBeDamaged, type PictureCount } from './picture-count.ts';
import { readTrack } from './read-track.ts';
import { leadOf, videoSeeks } from './seek.ts';
import { splitRuns } from './split-runs.ts';
import { type Threads, targetFrames, type VideoTarget, videoCommand } from './video-args.ts';

/** One of each, so that a worker of concurrency 1 takes one core and as many workers as cores fill a machine. */
const BACKGROUND_THREADS: Threads = { decoder: 1, filters: 1 };
/**
 * Decoders work on several pictures ahead, so that some go on while others wait. Filters that cut a picture into slices wait for the last one:
 * where cores are few and others want them, a segment took 2.7 s with four slices and 2.4 s in one piece (1080p to 240 lines, 2 cores, 3 background runs).
 */
const URGENT_THREADS: Threads = { decoder: 6, filters: Math.min(4, Math.ceil(availableParallelism() / 2)) };

/** Without output for this long an encoder is stuck; what it decodes before the window's first picture comes on top. */
const STALL_TIMEOUT_MS = 60_000;
const SLOWEST_DECODE_SPEED = 1;

interface EncodedSegment {
  readonly rendition: VideoRendition;
  readonly number: number;
  readonly track: CodedTrack;
}

interface EncodedRun {
  /** Where it began to read. */
  readonly seekSeconds: number | undefined;
  readonly segments: readonly EncodedSegment[];
  readonly messages: string;
}

/**
 * All wanted segments of all renditions, from one decode where the encoders permit it (`splitRuns`).
 * @throws AppError `corrupt`, `encode_failed`, `encode_stalled`
 */
export async function encodeVideo(
  source: Source,
  renditions: readonly VideoRendition[],
  range: SegmentRange,
  options: EncodeOptions,
): Promise<Encoded> {
  const targets = chooseTargets(renditions, range, options.isSkipped);
  if (targets.length === 0) return { renditions: [] };
  const runs: EncodedRun[] = [];
  for (const run of splitRuns(targets)) runs.push(await encodeRun(source, run, options));
  const pictures = await countWindow(runs, source, targets, options);
  const segments = runs.flatMap((run) => run.segments);
  return { renditions: packageAll(segments, renditions, options), pictures };
}

/** @throws AppError `corrupt` when no seek leads to pictures */
async function encodeRun(source: Source, targets: readonly VideoTarget[], options: EncodeOptions): Promise<EncodedRun> {
  const { timeline } = options;
  for (const seekSeconds of videoSeeks(source, timeline, targetFrames(timeline, targets))) {
    const made = await encodeFrom(seekSeconds, source, targets, options);
    // Too few pictures: the seek led past the window's first one, or to a place that is damaged. Begin earlier.
    if (made?.segments.every(({ track, number }) => track.samples.length >= segmentFrames(timeline, number).count)) return made;
  }
  const numbers = targets.map(({ number }) => number);
  throw new AppError('corrupt', 'No picture of the video can be decoded. Upload it again.', { details: { numbers } });
}

function chooseTargets(
  renditions: readonly VideoRendition[],
  range: SegmentRange,
  isSkipped: EncodeOptions['isSkipped'],
): readonly VideoTarget[] {
  return segmentNumbers(range)
    .map((number) => ({ number, renditions: renditions.filter((rendition) => !isSkipped?.(rendition, number)) }))
    .filter((target) => target.renditions.length > 0);
}

/** Undefined when ffmpeg found no picture to decode from there on. */
async function encodeFrom(
  seekSeconds: number | undefined,
  source: Source,
  targets: readonly VideoTarget[],
  { timeline, inputPath, workDir, urgency, signal, unwanted }: EncodeOptions,
): Promise<EncodedRun | undefined> {
  const outputPathOf = ({ id }: VideoRendition, number: number): string => join(workDir, `${id}.${number}.mp4`);
  const threads = urgency === 'background' ? BACKGROUND_THREADS : URGENT_THREADS;
  const leadSeconds = leadOf(seekSeconds, source, timeline, targetFrames(timeline, targets));
  const stallTimeoutMs = STALL_TIMEOUT_MS + (leadSeconds / SLOWEST_DECODE_SPEED) * 1000;
  const command = videoCommand({ source, timeline, targets, seekSeconds, threads, inputPath, outputPathOf });
  const run = { signal, ...priorityOf(urgency, unwanted), stallTimeoutMs };
  const result = await runFfmpeg(command, run).catch(undefinedWithoutPicture);
  if (result === undefined) return undefined;
  const outputs = targets.flatMap(({ number, renditions }) => renditions.map((rendition) => ({ rendition, number })));
  const segments = outputs.map(async (output) => ({ ...output, track: await readTrack(outputPathOf(output.rendition, output.number)) }));
  return { seekSeconds, segments: await Promise.all(segments), messages: result.messages };
}

/** All of the window's pictures are good unless the decoder complained. */
async function countWindow(
  runs: readonly EncodedRun[],
  source: Source,
  targets: readonly VideoTarget[],
  options: EncodeOptions,
): Promise<PictureCount> {
  const frames = targetFrames(options.timeline, targets);
  if (runs.some(({ messages }) => mayBeDamaged(messages))) return inspectPictures(source, frames, runs[0]?.seekSeconds, options);
  return { total: frames.count, damaged: 0 };
}

/** ffmpeg cannot set up its filters when not a single picture came out of the decoder. */
function undefinedWithoutPicture(error: unknown): undefined {
  if (!isEncodeFailure(error) || !hasNoPicture(error)) throw error;
}

function packageAll(
  made: readonly EncodedSegment[],
  renditions: readonly VideoRendition[],
  { timeline }: EncodeOptions,
): readonly PackagedRendition[] {
  return renditions.flatMap((rendition) => {
    const parts = made
      .filter((segment) => segment.rendition.id === rendition.id)
      .map(({ track, number }) => cutSegments(track, rendition, timeline, { firstSegment: number, segmentCount: 1 }));
    const [first] = parts;
    if (first === undefined) return [];
    if (parts.some(({ init }) => Buffer.compare(init, first.init) !== 0))
      throw new AppError('encode_failed', `Two segments of ${rendition.id} need different init segments.`);
    return [{ ...first, segments: parts.flatMap(({ segments }) => segments) }];
  });
}
