/** What one trial encode came to, over all sampled segments. */
export interface TrialPoint {
  readonly crf: number;
  readonly bitrateBps: number;
  /** In the rung's own size. */
  readonly ssim: number;
  /** Scaled up to the largest rung: what a viewer of a large screen sees. */
  readonly screenSsim: number;
}

/** Stands for SSIM 1, whose decibels are infinite: above anything that a lossy encoder reaches. */
const MAX_SSIM = 0.999_999;

/** SSIM on the scale where a step of the rate factor makes about the same difference everywhere. */
const decibels = (ssim: number): number => -10 * Math.log10(1 - Math.min(MAX_SSIM, ssim));
const fromDecibels = (value: number): number => 1 - 10 ** (-value / 10);

/** Rate for a given SSIM: linear in log rate between trials, and the nearest trial's beyond them. */
export function bitrateAt(points: readonly TrialPoint[], ssim: number): number {
  return Math.exp(
    interpolate(
      points.map((point) => [decibels(point.ssim), Math.log(point.bitrateBps)]),
      decibels(ssim),
    ),
  );
}

/** Rate factor for a given SSIM; the finest trial's where none reaches it, the coarsest one's where all do. */
export function crfAt(points: readonly TrialPoint[], ssim: number): number {
  return interpolate(
    points.map((point) => [decibels(point.ssim), point.crf]),
    decibels(ssim),
  );
}

/** What a rate factor between the trials would come to. */
export function pointAt(points: readonly TrialPoint[], crf: number): TrialPoint {
  const along = (read: (point: TrialPoint) => number): number =>
    interpolate(
      points.map((point) => [point.crf, read(point)]),
      crf,
    );
  return {
    crf,
    bitrateBps: Math.exp(along(({ bitrateBps }) => Math.log(bitrateBps))),
    ssim: fromDecibels(along(({ ssim }) => decibels(ssim))),
    screenSsim: fromDecibels(along(({ screenSsim }) => decibels(screenSsim))),
  };
}

/** Piecewise linear; outside the given points, the value of the nearest. */
function interpolate(points: readonly (readonly [x: number, y: number])[], x: number): number {
  const sorted = points.toSorted(([a], [b]) => a - b);
  const above = sorted.find((point) => point[0] >= x);
  const below = sorted.findLast((point) => point[0] <= x);
  if (above === undefined || below === undefined) {
    const nearest = above ?? below;
    if (nearest === undefined) throw new TypeError('no trial to interpolate');
    return nearest[1];
  }
  return above[0] === below[0] ? below[1] : below[1] + ((above[1] - below[1]) * (x - below[0])) / (above[0] - below[0]);
}
