import { type Rational, toNumber } from '@mediaflow/shared/rational';
import { NEAREST_BORDER } from '../../encode/grid.ts';
import { placePictures } from '../../encode/picture-places.ts';

const MAX_RATE = 60;
/** Rates that sources are meant to have; a measured rate within half a percent of one is that one. */
const STANDARD_RATES: readonly Rational[] = [
  { num: 12000, den: 1001 },
  { num: 12, den: 1 },
  { num: 15000, den: 1001 },
  { num: 15, den: 1 },
  { num: 24000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30000, den: 1001 },
  { num: 30, den: 1 },
  { num: 48000, den: 1001 },
  { num: 48, den: 1 },
  { num: 50, den: 1 },
  { num: 60000, den: 1001 },
  { num: 60, den: 1 },
];
const RATE_TOLERANCE = 0.005;
/** An average that far above a rate is a pace a little above it, and not that of pictures twice as fast for a while. */
const PACE_TOLERANCE = 0.02;
const MAX_DIVISOR = 4;
/** Of pictures that come when they like: none is off by more than half of this grid's step. */
const MIN_VARIABLE_RATE = 10;
const FALLBACK: Rational = { num: 30, den: 1 };
/** What grids are compared by: a picture that finds no place, and one that is a place off, against pictures to be coded. */
const LOST_WORTH = 100;
const OFF_WORTH = 0.1;

export interface GridRate {
  readonly frameRate: Rational;
  /** How many times as fast the pictures come; absent where the grid takes all of them, or has no whole part of their rate. */
  readonly decimation?: number;
}

export interface RateFacts {
  /** The lowest rate on which all timestamps of the file's beginning lie (ffprobe's `r_frame_rate`); the field rate for some interlaced streams. */
  readonly real: Rational | undefined;
  /** Pictures over duration (`avg_frame_rate`). */
  readonly average: Rational | undefined;
  readonly isInterlaced: boolean;
  /** When pictures are shown, ascending; undefined where only a reading of the whole file would tell. */
  readonly pictureSeconds?: readonly number[] | undefined;
}

/** The rate of the grid that holds a stream's pictures: a standard one where it is near. */
export function chooseFrameRate(facts: RateFacts): GridRate {
  const { frameRate, decimation } = capRate(chooseUncapped(facts));
  if (decimation !== undefined) return { frameRate: standardize(frameRate), decimation };
  return { frameRate: widen(standardize(frameRate), facts) };
}

/** The largest whole fraction that a screen shows; beyond 240 no rung needs one, and pictures are a few milliseconds apart. */
function capRate(rate: Rational): GridRate {
  const divisor = Math.ceil(toNumber(rate) / (MAX_RATE * (1 + RATE_TOLERANCE)));
  if (divisor <= 1) return { frameRate: rate };
  if (divisor > MAX_DIVISOR) return { frameRate: { num: MAX_RATE, den: 1 } };
  return { frameRate: { num: rate.num, den: rate.den * divisor }, decimation: divisor };
}

function chooseUncapped({ real, average, isInterlaced, pictureSeconds }: RateFacts): Rational {
  if (average === undefined) return real !== undefined && toNumber(real) <= MAX_RATE ? real : FALLBACK;
  if (real === undefined) return average;
  const sparseness = toNumber(real) / toNumber(average);
  if (isInterlaced && Math.abs(sparseness - 2) < 0.1) return average;
  if (Math.abs(sparseness - 1) < RATE_TOLERANCE) return real;
  // Pictures come faster later on; where their times are known, `widen` finds what holds them.
  if (sparseness < 1 && pictureSeconds !== undefined) return real;
  if (sparseness < 1) return sparseness > 1 - PACE_TOLERANCE ? average : multiply(real, toNumber(average));
  // Variable rate: on the fine grid every picture keeps its time, however rare they are: a recorded screen rests, and then moves.
  if (toNumber(real) <= MAX_RATE) return multiply(real, MIN_VARIABLE_RATE);
  // The timestamps of a clock, and not the pace of the pictures.
  const tolerance = pictureSeconds === undefined ? RATE_TOLERANCE : PACE_TOLERANCE;
  return CAMERA_RATES.find((rate) => toNumber(rate) >= toNumber(average) * (1 - tolerance)) ?? average;
}

const CAMERA_RATES: readonly Rational[] = [24, 25, 30, 50, 60].map((num) => ({ num, den: 1 }));

/** The lowest whole multiple of a rate that is no less than another. */
const multiply = ({ num, den }: Rational, least: number): Rational => ({ num: num * Math.max(1, Math.ceil((least * den) / num)), den });

function standardize(measured: Rational): Rational {
  const near = (rate: Rational): number => Math.abs(toNumber(rate) / toNumber(measured) - 1);
  const nearest = STANDARD_RATES.reduce((best, rate) => (near(rate) < near(best) ? rate : best));
  return near(nearest) < RATE_TOLERANCE ? nearest : roundRate(measured, Math.round);
}

/** Three decimals keep timescales small; a rate below 1 fps is shown at 1 fps by repeating pictures. */
const roundRate = (rate: Rational, round: (value: number) => number): Rational => ({
  num: Math.max(1000, round(toNumber(rate) * 1000)),
  den: 1000,
});

/** A faster grid, where pictures find no place on this one: the average of a pace just above it, or a standard rate that holds them. */
function widen(frameRate: Rational, { average, pictureSeconds = [] }: RateFacts): Rational {
  if (average === undefined || compare(pictureSeconds, frameRate).lost === 0) return frameRate;
  const isFaster = (rate: Rational): boolean => toNumber(rate) > toNumber(frameRate) && toNumber(rate) <= MAX_RATE * (1 + RATE_TOLERANCE);
  const rates = [frameRate, ...[roundRate(average, Math.ceil), ...STANDARD_RATES].filter(isFaster)];
  const costs = rates.map((rate) => ({ rate, cost: compare(pictureSeconds, rate).cost }));
  return costs.reduce((best, next) => (next.cost < best.cost ? next : best)).rate;
}

/** How a grid that begins with the first picture holds them all; the cost in pictures to be coded. */
function compare(pictureSeconds: readonly number[], rate: Rational): { readonly lost: number; readonly cost: number } {
  const [startSeconds = 0] = pictureSeconds;
  const positions = pictureSeconds.map((seconds) => (seconds - startSeconds) * toNumber(rate));
  const places = placePictures(positions, { border: NEAREST_BORDER, isUneven: true });
  const lost = places.filter((place, index) => place === places[index - 1]).length;
  const off = places.reduce((sum, place, index) => sum + Math.abs(place - (positions[index] ?? place)), 0);
  return { lost, cost: (positions.at(-1) ?? 0) + lost * LOST_WORTH + off * OFF_WORTH };
}
