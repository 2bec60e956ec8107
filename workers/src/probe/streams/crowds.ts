import { type Rational, toNumber } from '@mediaflow/shared/rational';
import type { VideoStream } from '@mediaflow/shared/source';
import { NEAREST_BORDER } from '../../encode/grid.ts';
import { CROWD_REACH_FRAMES } from '../../encode/picture-places.ts';

type Crowds = NonNullable<VideoStream['crowds']>;

/** Times are rounded to microseconds on their way to the grid, here and in ffmpeg. */
const TOLERANCE_FRAMES = 0.0005;
/** Crowds travel with every job. Where there are more, hardly a window is far from all of them. */
const MAX_CROWDS = 200;

/**
 * Where pictures share a place on a grid that begins with the first of them; those that a window could not tell apart are one crowd. Pure.
 *
 * @param pictureSeconds when they are shown, ascending
 * @param firstFrame grid point of the first one
 * @returns undefined for more than are worth to be kept
 */
export function findCrowds(pictureSeconds: readonly number[], rate: Rational, firstFrame: number): Crowds | undefined {
  const [startSeconds = 0] = pictureSeconds;
  const raised = pictureSeconds.map((seconds) => firstFrame + (seconds - startSeconds) * toNumber(rate) + 1 - NEAREST_BORDER);
  const crowds: [first: number, last: number][] = [];
  for (const [index, position] of raised.entries()) {
    const point = Math.floor(position + TOLERANCE_FRAMES);
    const before = raised[index - 1];
    if (before === undefined || Math.floor(before + TOLERANCE_FRAMES) < Math.floor(position - TOLERANCE_FRAMES)) continue;
    const crowd = crowds.at(-1);
    if (crowd !== undefined && point - crowd[1] <= CROWD_REACH_FRAMES) crowd[1] = point;
    else crowds.push([point, point]);
  }
  return crowds.length > MAX_CROWDS ? undefined : crowds;
}
