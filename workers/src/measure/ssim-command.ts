import type { VideoRendition } from '@mediaflow/shared/rendition';
import type { Source } from '@mediaflow/shared/source';
import { segmentFrames, type Timeline } from '@mediaflow/shared/timeline';
import { sampleFilters } from '../encode/sample-filters.ts';
import { scaleFilters } from '../encode/scale-filters.ts';
import { videoInputOptions } from '../encode/video-input-options.ts';
import type { FfmpegCommand } from '../ffmpeg/command.ts';
import { filterPath } from './filter-path.ts';

/** A coded segment, and the size in which it is held against the source. */
export interface Comparison {
  /** Init segment and segment as one file, made by us. */
  readonly codedPath: string;
  /** Both are compared in this one's size; a smaller coded picture is scaled up to it. */
  readonly reference: VideoRendition;
  /** Where ffmpeg writes a line for each picture. */
  readonly statsPath: string;
}

export interface SegmentComparisons {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly number: number;
  readonly comparisons: readonly Comparison[];
  /** As `videoSeeks` gives it. */
  readonly seekSeconds: number | undefined;
  readonly inputPath: string;
}

/** SSIM of coded pictures to the very pictures that their encoder was given: sampled and scaled by the same filters, from one decode. */
export function ssimCommand({ source, timeline, number, comparisons, seekSeconds, inputPath }: SegmentComparisons): FfmpegCommand {
  const { video } = source;
  if (video === undefined) throw new TypeError('the source has no video stream');
  const frames = segmentFrames(timeline, number);
  const sampled = sampleFilters({ source, timeline, frames, isFromStart: seekSeconds === undefined }, video).join(',');
  const sizes = [...Map.groupBy(comparisons, ({ reference }) => `${reference.width}x${reference.height}`)];
  const scaled = sizes.flatMap(([size, [first]]) => (first === undefined ? [] : [{ rendition: first.reference, pad: `size${size}` }]));
  return {
    inputOptions: videoInputOptions(source, { seekSeconds, threads: 1 }),
    inputPath,
    filters: [
      ...scaleFilters(video, { head: `[0:${video.index}]${sampled}`, prefix: 'r' }, scaled),
      ...sizes.flatMap(([size, members]) => [
        `[size${size}]${inOrder(timeline)},split=${members.length}${members.map((_, index) => `[source${size}.${index}]`).join('')}`,
        ...members.flatMap((comparison, index) => compare(comparison, `${size}.${index}`, timeline)),
      ]),
    ],
    outputs: [
      {
        options: [...sizes.flatMap(([size, members]) => members.flatMap((_, index) => ['-map', `[ssim${size}.${index}]`])), '-f', 'null'],
        path: '/dev/null',
      },
    ],
  };
}

function compare({ codedPath, reference, statsPath }: Comparison, name: string, timeline: Timeline): readonly string[] {
  const { width, height } = reference;
  return [
    `movie=${filterPath(codedPath)}:f=mov,${inOrder(timeline)},scale=${width}:${height}:flags=bicubic,format=yuv420p,setsar=1[coded${name}]`,
    `[coded${name}][source${name}]ssim=stats_file=${filterPath(statsPath)}[ssim${name}]`,
  ];
}

/** Numbers the pictures from 0, so that the first is held against the first whatever clock each came with. */
const inOrder = ({ frameRate }: Timeline): string => `settb=${frameRate.den}/${frameRate.num},setpts=N`;
