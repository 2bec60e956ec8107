import { expect, it } from 'vitest';
import { summarizeSelfHosted } from './summarize-self-hosted.ts';

const served = (requestsPerSecond: number, p99Ms = 10) => ({ requests: 1, bytes: 1, requestsPerSecond, p50Ms: 1, p99Ms });
const round = (edge: number, p99Ms = 10) => ({
  nginx: served(1000),
  edge: served(edge, 500),
  pacedNginx: served(300),
  pacedEdge: served(300, p99Ms),
});

it.each([
  [[round(600), round(900), round(100)], { throughputRatio: 0.6, pacedP99Ms: 10, isWithinBudget: true }],
  [[round(499)], { throughputRatio: 0.499, pacedP99Ms: 10, isWithinBudget: false }],
  [[round(800, 51)], { throughputRatio: 0.8, pacedP99Ms: 51, isWithinBudget: false }],
])('judges by the median round', (rounds, expected) => {
  expect(summarizeSelfHosted(rounds)).toEqual(expected);
});
