import { describe, expect, it } from 'vitest';
import { bitrateAt, crfAt, pointAt, type TrialPoint } from './trial-curve.ts';

// 20, 17 and 14 dB: as far from each other in decibels as in rate factor and in log rate.
const points: readonly TrialPoint[] = [
  { crf: 26, bitrateBps: 1_000_000, ssim: 1 - 10 ** -1.4, screenSsim: 1 - 10 ** -1.3 },
  { crf: 20, bitrateBps: 4_000_000, ssim: 0.99, screenSsim: 1 - 10 ** -1.9 },
  { crf: 23, bitrateBps: 2_000_000, ssim: 1 - 10 ** -1.7, screenSsim: 1 - 10 ** -1.6 },
];

describe('between trials', () => {
  it('reads rate and factor off the straight lines of decibels and log rate', () => {
    const halfway = 1 - 10 ** -1.85;
    expect(crfAt(points, halfway)).toBeCloseTo(21.5);
    expect(bitrateAt(points, halfway)).toBeCloseTo(2_000_000 * Math.SQRT2, 0);
    expect(pointAt(points, 21.5).ssim).toBeCloseTo(halfway);
    expect(pointAt(points, 21.5).screenSsim).toBeCloseTo(1 - 10 ** -1.75);
  });

  it('finds each trial again', () => {
    for (const point of points) {
      expect(crfAt(points, point.ssim)).toBeCloseTo(point.crf);
      expect(bitrateAt(points, point.ssim)).toBeCloseTo(point.bitrateBps, 0);
      expect(pointAt(points, point.crf).ssim).toBeCloseTo(point.ssim);
    }
  });

  it.each([
    { name: 'better than the finest', ssim: 0.9999, crf: 20, bitrateBps: 4_000_000 },
    { name: 'the same as the source', ssim: 1, crf: 20, bitrateBps: 4_000_000 },
    { name: 'worse than the coarsest', ssim: 0.5, crf: 26, bitrateBps: 1_000_000 },
  ])('claims nothing beyond them: $name', ({ ssim, crf, bitrateBps }) => {
    expect(crfAt(points, ssim)).toBeCloseTo(crf);
    expect(bitrateAt(points, ssim)).toBeCloseTo(bitrateBps, 0);
  });

  it('takes trials of one result, as a black film gives, for what they are', () => {
    const same = points.map((point) => ({ ...point, ssim: 1, screenSsim: 1, bitrateBps: 20_000 }));
    expect(bitrateAt(same, 1)).toBeCloseTo(20_000, 0);
    expect(pointAt(same, 22).ssim).toBeGreaterThan(0.99999);
    expect(Number.isFinite(crfAt(same, 1))).toBe(true);
  });
});
