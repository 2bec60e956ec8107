import { toNumber } from '@mediaflow/shared/rational';
import type { Source } from '@mediaflow/shared/source';
import type { Timeline } from '@mediaflow/shared/timeline';
import { type FrameRange, gridOf } from './grid.ts';

/** Formats whose index leads to the keyframe at or before a time; the others land on any packet near it. */
const INDEXED_DEMUXERS: ReadonlySet<string> = new Set(['mov', 'matroska', 'avi']);
/** How far before a window to begin reading, in seconds: first what nearly always suffices, then what covers odd files. */
const INDEXED_MARGINS = [1, 30] as const;
const UNINDEXED_MARGINS = [12, 60] as const;

/**
 * Places to begin reading for a window of pictures, in seconds from the container's start, to be tried in this order
 * until the window comes out complete. The last is always 0: what is not found from there is not in the file.
 */
export function videoSeeks(source: Source, timeline: Timeline, { first }: FrameRange): readonly number[] {
  const { firstFrame, endFrame } = gridOf(source, timeline);
  if (first <= firstFrame) return [0];
  // A window after the last picture shows that picture, so it has to be found.
  const neededSeconds = Math.min(first, endFrame - 1) / toNumber(timeline.frameRate);
  const margins = INDEXED_DEMUXERS.has(source.demuxer) ? INDEXED_MARGINS : UNINDEXED_MARGINS;
  return [...margins.map((margin) => neededSeconds - margin).filter((seconds) => seconds > 0), 0];
}
