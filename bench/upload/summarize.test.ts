import { describe, expect, it } from 'vitest';
import { median } from '../common/statistics.ts';
import { type Round, summarize } from './summarize.ts';

const MB = 1_000_000;
const round = (tusMBps: number, bareMBps: number, peakMB = 100): Round => ({ tusMBps, bareMBps, originPeakRssBytes: peakMB * MB });

describe('summarize', () => {
  it.each([
    { name: 'as fast', rounds: [round(400, 400)], ratio: 1, isWithinBudget: true },
    { name: 'just fast enough', rounds: [round(80, 100)], ratio: 0.8, isWithinBudget: true },
    { name: 'too slow', rounds: [round(79, 100)], ratio: 0.79, isWithinBudget: false },
    { name: 'slow once, with its peer', rounds: [round(400, 400), round(10, 10), round(400, 400)], ratio: 1, isWithinBudget: true },
    { name: 'slow once, alone', rounds: [round(400, 400), round(10, 400), round(400, 400)], ratio: 1, isWithinBudget: true },
    { name: 'hungry in one round', rounds: [round(1, 1), round(1, 1, 151), round(1, 1)], ratio: 1, isWithinBudget: false },
  ])('$name', ({ rounds, ratio, isWithinBudget }) => {
    expect(summarize(rounds, 100 * MB)).toMatchObject({ ratio, isWithinBudget });
  });
});

it.each([
  [[3], 3],
  [[1, 9], 5],
  [[9, 1, 5], 5],
  [[10, 9, 100, 1], 9.5],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});
