import { expect, test } from 'vitest';
import { HEALTHY_AFTER_MS, nextRestartDelay } from './restart-backoff.ts';

test('a child that keeps crashing waits twice as long each time, up to 5 s', () => {
  const delays: number[] = [];
  for (let last = 0; delays.length < 8; last = delays.at(-1) ?? 0) delays.push(nextRestartDelay(last, 50));
  expect(delays).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
});

test.each([
  [HEALTHY_AFTER_MS, 200],
  [HEALTHY_AFTER_MS - 1, 5000],
])('after %i ms of service the next delay is %i ms', (uptimeMs, expected) => {
  expect(nextRestartDelay(5000, uptimeMs)).toBe(expected);
});
