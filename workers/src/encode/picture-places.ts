import type { Source, VideoStream } from '@mediaflow/shared/source';
import { roundingBorder } from './grid.ts';

/**
 * Pictures give way for no longer than this, so that every run that decodes from as far before a window agrees on it. Of 60,000
 * pictures, 24 to 29.99 a second on a grid of 30, by up to 3 to 10 ms early or late, none are lost at most rates, and 10 of 3,600
 * at the worst; without a limit they are as many.
 */
export const GIVE_WAY_FRAMES = 30;

/**
 * How far from pictures that share a place it matters where a run begins: one that begins within the limit after them does not see that
 * its first pictures give way, and for as long again those may do so.
 */
export const CROWD_REACH_FRAMES = 2 * GIVE_WAY_FRAMES;

/** Whether the places of pictures from a frame on depend on pictures before the keyframe that leads to them; with no crowds known they may. */
export const isNearCrowd = (crowds: VideoStream['crowds'], frame: number): boolean =>
  crowds === undefined || crowds.some(([first, last]) => first <= frame + 1 && frame <= last + CROWD_REACH_FRAMES);

export interface PlaceRule {
  /** How far after a grid point, in frames, a picture may lie to be shown there. */
  readonly border: number;
  /** Whether pictures give way. */
  readonly isUneven: boolean;
}

export const placeRuleOf = (source: Source): PlaceRule => ({
  border: roundingBorder(source),
  isUneven: source.video?.isUneven === true,
});

/**
 * Which grid point pictures go to.
 *
 * A camera or a call gives its pictures times of their own: a little slower than the grid, some milliseconds early or late. Where
 * they drift across a rounding border, two of them share a point every now and then while the next point stays empty. There the
 * later one gives way to the next point, and so do those after it, until a point was free. Only a picture that is late already gives
 * way: none is shown more than a frame late, and in a rush of pictures that the grid cannot hold none is pushed out of its place.
 *
 * @param positions where on the grid they lie, in frames, ascending
 */
export function placePictures(positions: readonly number[], { border, isUneven }: PlaceRule): readonly number[] {
  const half = 1 - border;
  let nextPoint = 0;
  /** Pictures whose point is before this one give way. */
  let wayEnd = 0;
  return positions.map((position) => {
    const raised = position + half;
    const point = Math.floor(raised);
    if (!isUneven) return point;
    if (point + 1 === nextPoint) wayEnd = point + GIVE_WAY_FRAMES;
    else if (point !== nextPoint) wayEnd = 0;
    if (raised - point < half) wayEnd = 0;
    nextPoint = point + 1;
    return point < wayEnd ? point + 1 : point;
  });
}

/**
 * The rule of `placePictures` as an expression for ffmpeg's `setpts`: its value is the grid point. Registers keep their values from
 * picture to picture, and begin with 0.
 *
 * @param position an expression: where on the grid a picture lies, in frames
 */
export function placeExpression(position: string, { border, isUneven }: PlaceRule): string {
  const half = 1 - border;
  if (!isUneven) return `floor(${position}+${half})`;
  const [raised, point, nextPoint, wayEnd] = ['ld(0)', 'ld(1)', 'ld(2)', 'ld(3)'] as const;
  return [
    `st(0,${position}+${half})`,
    `st(1,floor(${raised}))`,
    `st(3,if(eq(${point}+1,${nextPoint}),${point}+${GIVE_WAY_FRAMES},eq(${point},${nextPoint})*${wayEnd}))`,
    `st(3,gte(${raised}-${point},${half})*${wayEnd})`,
    `st(2,${point}+1)`,
    `${point}+lt(${point},${wayEnd})`,
  ].join(';');
}
