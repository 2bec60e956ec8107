import { stringifyRational } from '@mediaflow/shared/rational';
import type { Source, VideoStream } from '@mediaflow/shared/source';
import type { Timeline } from '@mediaflow/shared/timeline';
import { type FrameRange, gridOf } from './grid.ts';
import { placeExpression, placeRuleOf } from './picture-places.ts';

export interface SampledWindow {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly frames: FrameRange;
  /** Whether reading begins at the file's beginning: nothing can then be missing that a seek passed over. */
  readonly isFromStart: boolean;
}

/**
 * Filters that put the source's pictures on the grid: frames `first` to `first + count - 1`, each with its grid index as
 * timestamp. Whatever is missing is held: a picture stands until the next one comes, the last one to the window's end.
 */
export function sampleFilters({ source, timeline, frames, isFromStart }: SampledWindow, video: VideoStream): readonly string[] {
  const rate = stringifyRational(timeline.frameRate);
  const end = frames.first + frames.count;
  return [
    ...(video.isInterlaced ? [...fixedSize(video), 'bwdif=mode=send_frame'] : []),
    ...gridFilters(source, timeline),
    // Doubles and drops. From the file's beginning the first picture also stands for what is missing before it; after a
    // seek that would hide a seek that went too far, so there the count comes out short instead. From 0 and not from the
    // window on, or pictures that all end before it would leave none to be held.
    isFromStart ? `fps=${rate}:start_time=0` : `fps=${rate}`,
    `tpad=stop_mode=clone:stop=${end}`,
    `trim=start_pts=${frames.first}:end_pts=${end}`,
  ];
}

/**
 * Keeps pictures at the first one's size: to deinterlace one of another size would read outside of it. Their format stays,
 * since to change that before they are whole would mix the colours of two fields.
 */
const fixedSize = ({ pixelFormat }: VideoStream): readonly string[] => [
  'scale=iw:ih',
  ...(pixelFormat === '' ? [] : [`format=${pixelFormat}`]),
];

/** Every picture goes to a grid point by its own timestamp, and at most those shortly before, so that all runs agree. */
export function gridFilters(source: Source, timeline: Timeline): readonly string[] {
  const rate = stringifyRational(timeline.frameRate);
  const originSeconds = gridOf(source, timeline).originSeconds + (source.video?.delayMs ?? 0) / 1000;
  return [
    'settb=AVTB',
    `setpts='round((${placeExpression(`(T-(${originSeconds.toFixed(6)}))*${rate}`, placeRuleOf(source))})/(${rate})/TB)'`,
    `settb=${timeline.frameRate.den}/${timeline.frameRate.num}`,
  ];
}
