import { describe, expect, it } from 'vitest';
import { atLeast, atMost, type CachedObjectRound, type Served, summarizeCachedObject } from './summarize.ts';

const served = (cpuUs: number): Served => ({ cpuUs, requestsPerSecond: 1, p50Ms: 1, p99Ms: 1 });
const round = (bareUs: number, edgeUs: number): CachedObjectRound => ({ bare: served(bareUs), edge: served(edgeUs) });

describe('summarizeCachedObject', () => {
  it.each([
    { name: 'as cheap', rounds: [round(100, 100)], cpuRatio: 1, isWithinBudget: true },
    { name: 'just cheap enough', rounds: [round(100, 125)], cpuRatio: 1.25, isWithinBudget: true },
    { name: 'too dear', rounds: [round(100, 126)], cpuRatio: 1.26, isWithinBudget: false },
    { name: 'dear once, with its peer', rounds: [round(100, 120), round(900, 1080), round(100, 120)], cpuRatio: 1.2, isWithinBudget: true },
    { name: 'dear once, alone', rounds: [round(100, 120), round(100, 900), round(100, 120)], cpuRatio: 1.2, isWithinBudget: true },
  ])('$name', ({ rounds, cpuRatio, isWithinBudget }) => {
    expect(summarizeCachedObject(rounds)).toMatchObject({ cpuRatio, isWithinBudget });
  });
});

it.each([
  [atMost('x', 2, 2), '<= 2', true],
  [atMost('x', 2.00001, 2), '<= 2', false],
  [atLeast('x', 2, 2), '>= 2', true],
  [atLeast('x', 1.99999, 2), '>= 2', false],
  [atMost('x', Number.NaN, 2), '<= 2', false],
])('%j is held against its limit before it is rounded', (figure, budget, isWithinBudget) => {
  expect(figure).toMatchObject({ budget, isWithinBudget });
});
