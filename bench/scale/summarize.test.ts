import { expect, it } from 'vitest';
import { type ScaleRounds, summarize } from './summarize.ts';

const kills: ScaleRounds['kills'] = { count: 20, cpuSeconds: 110, undisturbedCpuSeconds: 100, segmentCount: 10, differentSegments: [] };

it.each([
  { name: 'twice as fast', wall: [{ oneWorker: 100, twoWorkers: 50 }], kills, redone: 0.091, isWithinBudget: true },
  { name: 'no faster', wall: [{ oneWorker: 100, twoWorkers: 100 }], kills, redone: 0.091, isWithinBudget: false },
  { name: 'wasteful', wall: [{ oneWorker: 2, twoWorkers: 1 }], kills: { ...kills, cpuSeconds: 125 }, redone: 0.2, isWithinBudget: false },
  {
    name: 'cheaper than before',
    wall: [{ oneWorker: 2, twoWorkers: 1 }],
    kills: { ...kills, cpuSeconds: 99 },
    redone: 0,
    isWithinBudget: true,
  },
  {
    name: 'different',
    wall: [{ oneWorker: 2, twoWorkers: 1 }],
    kills: { ...kills, differentSegments: ['v240/1.m4s'] },
    redone: 0.091,
    isWithinBudget: false,
  },
  { name: 'empty', wall: [{ oneWorker: 2, twoWorkers: 1 }], kills: { ...kills, segmentCount: 0 }, redone: 0.091, isWithinBudget: false },
])('$name', ({ wall, kills, redone, isWithinBudget }) => {
  expect(summarize({ wall, kills })).toMatchObject({ redone, isWithinBudget });
});
