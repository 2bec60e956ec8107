import { type Rational, toNumber } from '@mediaflow/shared/rational';
import type { Source } from '@mediaflow/shared/source';
import type { Timeline } from '@mediaflow/shared/timeline';

/**
 * How the source's clock maps to the timeline's frame grid.
 *
 * A source's first picture seldom falls on the grid: an audio track that begins 23 ms earlier shifts every picture by
 * half a frame, and sampling half-way between two grid points makes rounding noise drop and double pictures. So the
 * whole asset, sound included, is shifted by less than half a frame until the first picture is on the grid: pictures
 * keep their places and sound its exact distance from them.
 */
export interface Grid {
  /** The source timestamp, in seconds, that becomes 0. */
  readonly originSeconds: number;
  /** Grid index of the source's first picture; 0 without a picture. */
  readonly firstFrame: number;
  /** Grid index after the source's last picture. */
  readonly endFrame: number;
}

export function gridOf({ startMs, video }: Source, { frameRate }: Timeline): Grid {
  if (video === undefined) return { originSeconds: startMs / 1000, firstFrame: 0, endFrame: 0 };
  const rate = toNumber(frameRate);
  const firstFrame = firstFrameOf(video.startMs, frameRate);
  const phaseSeconds = video.startMs / 1000 - firstFrame / rate;
  return {
    originSeconds: startMs / 1000 + phaseSeconds,
    firstFrame,
    endFrame: Math.max(firstFrame + 1, Math.round((video.endMs / 1000 - phaseSeconds) * rate)),
  };
}

/** Grid point of a first picture that is shown so long after the source begins. */
export const firstFrameOf = (startMs: number, frameRate: Rational): number =>
  Math.max(0, Math.round((startMs / 1000) * toNumber(frameRate)));

/** The middle, but for a thousandth of a frame that keeps the noise of timestamps from tipping it. */
export const NEAREST_BORDER = 0.499;

/**
 * How far after a grid point, in frames, a picture may lie to be shown there; later ones go to the next point, and the last
 * one at a point is shown.
 *
 * Of a rate brought down to a half, every other picture lies in the middle, and a clock of milliseconds is off by more than
 * a thousandth: there the border is half a picture after the point, as far from either picture as can be.
 */
export const roundingBorder = ({ video }: Source): number => (video?.decimation === undefined ? NEAREST_BORDER : 0.5 / video.decimation);

/** Consecutive segments, the part of an asset that one encode makes. */
export interface SegmentRange {
  readonly firstSegment: number;
  readonly segmentCount: number;
}

export const segmentNumbers = ({ firstSegment, segmentCount }: SegmentRange): readonly number[] =>
  Array.from({ length: segmentCount }, (_, index) => firstSegment + index);

/** Consecutive video or AAC frames. */
export interface FrameRange {
  readonly first: number;
  readonly count: number;
}

/** The frames of consecutive segments, by the timeline's rule for one. */
export function rangeFrames(
  framesOf: (timeline: Timeline, segment: number) => FrameRange,
  timeline: Timeline,
  { firstSegment, segmentCount }: SegmentRange,
): FrameRange {
  const { first } = framesOf(timeline, firstSegment);
  const last = framesOf(timeline, firstSegment + segmentCount - 1);
  return { first, count: last.first + last.count - first };
}
