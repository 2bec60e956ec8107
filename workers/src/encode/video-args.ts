import type { VideoRendition } from '@mediaflow/shared/rendition';
import type { Source, VideoStream } from '@mediaflow/shared/source';
import { segmentFrames, type Timeline, videoTimescale } from '@mediaflow/shared/timeline';
import type { FfmpegCommand, FfmpegOutput } from '../ffmpeg/command.ts';
import { encoderOptions } from './encoder-options.ts';
import { fragmentedMp4Options } from './fragmented-mp4-options.ts';
import { type FrameRange, rangeFrames } from './grid.ts';
import { sampleFilters } from './sample-filters.ts';
import { scaleFilters } from './scale-filters.ts';
import { videoInputOptions } from './video-input-options.ts';

/** One segment, and the renditions that it is wanted in. */
export interface VideoTarget {
  readonly number: number;
  readonly renditions: readonly VideoRendition[];
}

/** The encoders' are the renditions' own: the bytes depend on those, and not on these. */
export interface Threads {
  readonly decoder: number;
  readonly filters: number;
}

export interface VideoEncode {
  readonly source: Source;
  readonly timeline: Timeline;
  /** By number; not necessarily every segment of a run. */
  readonly targets: readonly VideoTarget[];
  /** Where to begin reading, as a timestamp of the source in seconds; absent for its beginning. */
  readonly seekSeconds: number | undefined;
  readonly threads: Threads;
  readonly inputPath: string;
  readonly outputPathOf: (rendition: VideoRendition, number: number) => string;
}

/**
 * One decode, and an encoder of its own for every segment of every rendition: fragmented MP4 files of one closed group of
 * pictures each. What an encoder makes depends on its pictures and its options alone, so a segment has the same bytes
 * whichever others are made in the same run.
 */
export function videoCommand(encode: VideoEncode): FfmpegCommand {
  const { source, targets, seekSeconds, threads } = encode;
  if (source.video === undefined) throw new TypeError('the source has no video stream');
  return {
    inputOptions: [
      // Damage is counted afterwards, and never a reason to stop.
      ...['-v', 'level+warning', '-max_error_rate', '1'],
      ...['-filter_complex_threads', String(threads.filters)],
      ...videoInputOptions(source, { seekSeconds, threads: threads.decoder }),
    ],
    inputPath: encode.inputPath,
    filters: filterGraph(encode, source.video),
    outputs: targets.flatMap(({ number, renditions }) => renditions.map((rendition) => videoOutput(encode, rendition, number))),
  };
}

/** From the first target's first frame to the last one's last. */
export function targetFrames(timeline: Timeline, targets: readonly VideoTarget[]): FrameRange {
  const numbers = targets.map(({ number }) => number);
  const firstSegment = Math.min(...numbers);
  return rangeFrames(segmentFrames, timeline, { firstSegment, segmentCount: Math.max(...numbers) - firstSegment + 1 });
}

const padOf = ({ id }: VideoRendition, number: number): string => `${id}.${number}`;

function filterGraph({ source, timeline, targets, seekSeconds }: VideoEncode, video: VideoStream): readonly string[] {
  const frames = targetFrames(timeline, targets);
  const sampled = sampleFilters({ source, timeline, frames, isFromStart: seekSeconds === undefined }, video).join(',');
  const parts = targets.map(({ number }) => `[p${number}]`);
  return [
    `[0:${video.index}]${sampled},split=${parts.length}${parts.join('')}`,
    ...targets.flatMap(({ number, renditions }, index) => {
      const { first, count } = segmentFrames(timeline, number);
      const input = { head: `${parts[index]}trim=start_pts=${first}:end_pts=${first + count}`, prefix: `p${number}` };
      return scaleFilters(
        video,
        input,
        renditions.map((rendition) => ({ rendition, pad: padOf(rendition, number) })),
      );
    }),
  ];
}

function videoOutput({ timeline, outputPathOf }: VideoEncode, rendition: VideoRendition, number: number): FfmpegOutput {
  return {
    options: [
      ...['-map', `[${padOf(rendition, number)}]`, '-fps_mode', 'passthrough'],
      ...encoderOptions(rendition, timeline),
      ...['-video_track_timescale', String(videoTimescale(timeline.frameRate).timescale)],
      ...fragmentedMp4Options(),
    ],
    path: outputPathOf(rendition, number),
  };
}
