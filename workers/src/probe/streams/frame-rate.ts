import { type Rational, toNumber } from '@mediaflow/shared/rational';

const MAX_RATE = 60;
/** A measured rate is that much off what was meant. */
const RATE_TOLERANCE = 1.005;
const MAX_DIVISOR = 4;
const FALLBACK: Rational = { num: 30, den: 1 };
const COMMON_RATES: readonly Rational[] = [24, 25, 30, 50, 60].map((num) => ({ num, den: 1 }));

export interface GridRate {
  readonly frameRate: Rational;
  /** How many times as fast the pictures come; absent where the grid takes all of them, or has no whole part of their rate. */
  readonly decimation?: number;
}

/**
 * The rate of the grid that holds a stream's pictures.
 *
 * @param real the lowest rate on which all timestamps lie (ffprobe's `r_frame_rate`); the field rate for some interlaced streams
 * @param average pictures over duration (`avg_frame_rate`)
 */
export function chooseFrameRate(real: Rational | undefined, average: Rational | undefined, isInterlaced: boolean): GridRate {
  return capRate(chooseUncapped(real, average, isInterlaced));
}

/** The largest whole fraction that a screen shows; beyond 240 no rung needs one, and pictures are a few milliseconds apart. */
function capRate(rate: Rational): GridRate {
  const divisor = Math.ceil(toNumber(rate) / (MAX_RATE * RATE_TOLERANCE));
  if (divisor <= 1) return { frameRate: rate };
  if (divisor > MAX_DIVISOR) return { frameRate: { num: MAX_RATE, den: 1 } };
  return { frameRate: { num: rate.num, den: rate.den * divisor }, decimation: divisor };
}

function chooseUncapped(real: Rational | undefined, average: Rational | undefined, isInterlaced: boolean): Rational {
  if (average === undefined) return real !== undefined && toNumber(real) <= MAX_RATE ? real : FALLBACK;
  if (real === undefined) return average;
  const sparseness = toNumber(real) / toNumber(average);
  if (isInterlaced && Math.abs(sparseness - 2) < 0.1) return average;
  if (Math.abs(sparseness - 1) < 0.005) return real;
  // Variable rate: on the fine grid every picture keeps its time, however rare they are: a recorded screen rests, and then moves.
  if (toNumber(real) <= MAX_RATE) return real;
  // The timestamps of a clock, and not the pace of the pictures.
  return COMMON_RATES.find((rate) => toNumber(rate) >= toNumber(average) * 0.995) ?? average;
}
