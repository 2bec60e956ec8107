import { expect, it } from 'vitest';
import { peakBitrate } from './peak-bitrate.ts';

const run = (...segments: readonly (readonly [sizeBytes: number, seconds: number])[]) =>
  segments.map(([sizeBytes, seconds]) => ({ sizeBytes, seconds }));

it.each([
  ['the busiest segment', run([1000, 2], [5000, 4], [3000, 4]), 10_000],
  ['an opening of half the length, which has the share of a whole one', run([4000, 2], [5000, 4], [3000, 4]), 16_000],
  ['a last picture with what is before it', run([1000, 2], [5000, 4], [5000, 4], [1000, 0.04]), (6000 * 8) / 4.04],
  ['no last picture alone', run([1000, 2], [5000, 4], [3000, 4], [1000, 0.04]), 10_000],
  ['all, where that is shorter', run([1000, 0.04], [1000, 0.04]), 200_000],
  ['nothing where nothing is heard', run([1000, 0]), 0],
])('is the rate of %s', (_, segments, expected) => {
  expect(peakBitrate(segments, 4)).toBeCloseTo(expected, 6);
});
