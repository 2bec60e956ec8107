import { expect, it } from 'vitest';
import { type ScaleRounds, summarize } from './summarize.ts';

const kills: ScaleRounds['kills'] = { count: 20, cpuSeconds: 110, undisturbedCpuSeconds: 100, segmentCount: 10, differentSegments: [] };

it.each([
  { name: 'twice as fast', wall: [{ machineLimit: 0.5, oneWorker: 100, twoWorkers: 50 }], kills, redone: 0.091, isWithinBudget: true },
  { name: 'no faster', wall: [{ machineLimit: 0.5, oneWorker: 100, twoWorkers: 100 }], kills, redone: 0.091, isWithinBudget: false },
  {
    name: 'wasteful',
    wall: [{ machineLimit: 0.5, oneWorker: 2, twoWorkers: 1 }],
    kills: { ...kills, cpuSeconds: 125 },
    redone: 0.2,
    isWithinBudget: false,
  },
  {
    name: 'cheaper than before',
    wall: [{ machineLimit: 0.5, oneWorker: 2, twoWorkers: 1 }],
    kills: { ...kills, cpuSeconds: 99 },
    redone: 0,
    isWithinBudget: true,
  },
  {
    name: 'different',
    wall: [{ machineLimit: 0.5, oneWorker: 2, twoWorkers: 1 }],
    kills: { ...kills, differentSegments: ['v240/1.m4s'] },
    redone: 0.091,
    isWithinBudget: false,
  },
  {
    name: 'empty',
    wall: [{ machineLimit: 0.5, oneWorker: 2, twoWorkers: 1 }],
    kills: { ...kills, segmentCount: 0 },
    redone: 0.091,
    isWithinBudget: false,
  },
])('$name', ({ wall, kills, redone, isWithinBudget }) => {
  expect(summarize({ wall, kills })).toMatchObject({ redone, isWithinBudget });
});
