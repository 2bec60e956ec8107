import { toNumber } from '@mediaflow/shared/rational';
import type { Source } from '@mediaflow/shared/source';
import type { Timeline } from '@mediaflow/shared/timeline';
import { type FrameRange, gridOf, roundingBorder } from './grid.ts';
import { GIVE_WAY_FRAMES, isNearCrowd } from './picture-places.ts';

/** Formats whose index leads to the keyframe at or before a time; the others land on any packet near it. */
const INDEXED_DEMUXERS: ReadonlySet<string> = new Set(['mov', 'matroska', 'avi']);
/** How far before a window to begin reading, in seconds: first what nearly always suffices, then what covers odd files. */
const INDEXED_MARGINS = [0, 8, 60, 400, 2_000] as const;
const UNINDEXED_MARGINS = [12, 60, 400, 2_000] as const;
/**
 * This far before the rounding border: a keyframe up to here goes to the window's first grid point or before it, so that
 * the picture which stands there is that keyframe or comes after it.
 */
const BORDER_MARGIN_FRAMES = 0.05;
/** Deinterlacing looks at the pictures around each, so those before a window's first have to be there, as in a longer run. */
const INTERLACED_LEAD_FRAMES = 3;

/** What has to be decoded before a window so that its pictures are those of a longer run. */
const leadFramesOf = ({ video }: Source, firstFrame: number): number =>
  Math.max(
    video?.isInterlaced ? INTERLACED_LEAD_FRAMES : 0,
    video?.isUneven && isNearCrowd(video.crowds, firstFrame) ? GIVE_WAY_FRAMES : 0,
  );

/**
 * Places to begin reading for a window of pictures, as timestamps of the source in seconds, to be tried in this order
 * until the window comes out complete. The last is always undefined, the beginning: what is not found from there is not
 * in the file.
 */
export function videoSeeks(source: Source, timeline: Timeline, { first }: FrameRange): readonly (number | undefined)[] {
  const { firstFrame, endFrame, originSeconds } = gridOf(source, timeline);
  if (first <= firstFrame) return [undefined];
  // A window after the last picture shows that picture, so it has to be found.
  const shownFrame = Math.min(first, endFrame - 1);
  const shownSeconds = (shownFrame + roundingBorder(source) - BORDER_MARGIN_FRAMES) / toNumber(timeline.frameRate);
  const leadSeconds = leadFramesOf(source, shownFrame) / toNumber(timeline.frameRate);
  const margins = (isIndexed(source) ? INDEXED_MARGINS : UNINDEXED_MARGINS).map((margin) => Math.max(margin, leadSeconds));
  const seeks = [...new Set(margins)].map((margin) => shownSeconds - margin).filter((seconds) => seconds > 0);
  return [...seeks.map((seconds) => seconds + originSeconds), undefined];
}

export const isIndexed = ({ demuxer }: Source): boolean => INDEXED_DEMUXERS.has(demuxer);

/** Seconds that are decoded before a window when reading begins at one of its seeks. */
export function leadOf(seekSeconds: number | undefined, source: Source, timeline: Timeline, { first }: FrameRange): number {
  const { originSeconds } = gridOf(source, timeline);
  return Math.max(0, first / toNumber(timeline.frameRate) - (seekSeconds === undefined ? 0 : seekSeconds - originSeconds));
}
