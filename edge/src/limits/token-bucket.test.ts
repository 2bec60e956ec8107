import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Bucket, type RatePolicy, takeOne } from './token-bucket.ts';

const policy: RatePolicy = { quota: 10, windowSeconds: 5 };

/** How many of the requests at these times pass, one after the other. */
function countAllowed(times: readonly number[], limit: RatePolicy = policy): number {
  let bucket: Bucket | undefined;
  let allowed = 0;
  for (const time of times) {
    const taken = takeOne(bucket, limit, time);
    bucket = taken.bucket;
    if (taken.isAllowed) allowed += 1;
  }
  return allowed;
}

const burst = (count: number, atMs: number): readonly number[] => Array.from({ length: count }, () => atMs);

it.each([
  ['a burst of the quota', burst(10, 0), 10],
  ['a burst beyond it', burst(25, 0), 10],
  ['a burst, and another when half is refilled', [...burst(10, 0), ...burst(10, 2_500)], 15],
  ['a burst, and another when all is refilled', [...burst(10, 0), ...burst(11, 5_000)], 20],
  ['no more than the quota after a long rest', [...burst(10, 0), ...burst(30, 1e9)], 20],
  ['one each time that one is refilled', [...burst(10, 0), 500, 1_000, 1_500], 13],
  ['none a moment before', [...burst(10, 0), 499], 10],
  ['nothing more for a clock that goes back', [...burst(10, 10_000), ...burst(5, 0), ...burst(5, 10_000)], 10],
])('lets through %s', (_, times, allowed) => {
  expect(countAllowed(times)).toBe(allowed);
});

it('says what is left and how long to wait', () => {
  const first = takeOne(undefined, policy, 0);
  expect(first).toMatchObject({ isAllowed: true, remaining: 9, waitMs: 500 });
  const last = takeOne({ level: 1, atMs: 0 }, policy, 0);
  expect(last).toMatchObject({ isAllowed: true, remaining: 0, waitMs: 5_000 });
  expect(takeOne({ level: 0.5, atMs: 0 }, policy, 0)).toMatchObject({ isAllowed: false, remaining: 0, waitMs: 250 });
});

it('never passes more than the quota and its refill in any time, and whoever waits as told passes', () => {
  const limits = fc.record({ quota: fc.integer({ min: 1, max: 50 }), windowSeconds: fc.integer({ min: 1, max: 60 }) });
  const gaps = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 200 });
  fc.assert(
    fc.property(limits, gaps, (limit, waits) => {
      let nowMs = 0;
      const times = waits.map((wait) => (nowMs += wait));
      const refilled = ((times.at(-1) ?? 0) - (times[0] ?? 0)) * (limit.quota / (limit.windowSeconds * 1000));
      expect(countAllowed(times, limit)).toBeLessThanOrEqual(limit.quota + refilled + 1e-3);

      const emptied = takeOne({ level: 0, atMs: nowMs }, limit, nowMs);
      expect(emptied.isAllowed).toBe(false);
      expect(takeOne(emptied.bucket, limit, nowMs + Math.ceil(emptied.waitMs)).isAllowed).toBe(true);
    }),
    { numRuns: 200 },
  );
});
