import { expect, it } from 'vitest';
import { summarize } from './summarize.ts';

const MB = 1_000_000;
const flat = [90, 100, 100, 100, 100, 100].map((value) => value * MB);

it.each([
  { name: 'frugal', cpuSeconds: 100, workerRssBytes: flat, cpuRatio: 1, workerGrowth: 1, isWithinBudget: true },
  { name: 'just frugal enough', cpuSeconds: 108, workerRssBytes: flat, cpuRatio: 1.08, workerGrowth: 1, isWithinBudget: true },
  { name: 'wasteful', cpuSeconds: 109, workerRssBytes: flat, cpuRatio: 1.09, workerGrowth: 1, isWithinBudget: false },
  {
    name: 'leaking',
    cpuSeconds: 100,
    workerRssBytes: [100, 100, 100, 100, 120, 120].map((value) => value * MB),
    cpuRatio: 1,
    workerGrowth: 1.2,
    isWithinBudget: false,
  },
])('$name', ({ cpuSeconds, workerRssBytes, cpuRatio, workerGrowth, isWithinBudget }) => {
  const rounds = { ladder: [{ cpuSeconds, singleRunCpuSeconds: 100 }], encoderPeakRssBytes: 500 * MB, unitCount: 100, workerRssBytes };
  expect(summarize(rounds)).toMatchObject({ cpuRatio, workerGrowth, encoderPeakMB: 500, isWithinBudget });
});
