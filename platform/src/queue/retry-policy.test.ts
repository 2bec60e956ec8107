import { AppError, type ErrorCode } from '@mediaflow/shared/errors';
import { outcomeJob, urgentJob, WORK_JOBS } from '@mediaflow/shared/jobs';
import { UnrecoverableError } from 'bullmq';
import { expect, test } from 'vitest';
import { attemptsFor, backoffMs, mostAttempts } from './retry-policy.ts';

const RETRY = { attempts: 5, backoffMs: 1_000, outageAttempts: 20 };

test.each<[ErrorCode, number]>([
  ['corrupt', 1],
  ['not_media', 1],
  ['encode_failed', 5],
  ['encode_stalled', 5],
  ['worker_lost', 5],
  ['unavailable', 20],
  ['scratch_full', 20],
])('%s is worth %i attempts', (code, attempts) => {
  expect(attemptsFor(new AppError(code, 'text'), RETRY)).toBe(attempts);
});

test('an error of nobody is worth the usual attempts, a payload that does not parse one', () => {
  expect(attemptsFor(new TypeError('a bug'), RETRY)).toBe(5);
  expect(attemptsFor(new UnrecoverableError('not a payload'), RETRY)).toBe(1);
  expect(attemptsFor(new AppError('unavailable', 'text'), { attempts: 3, backoffMs: 1 })).toBe(3);
});

test('a backoff doubles up to its limit, and half of it is chance', () => {
  expect([1, 2, 3, 7, 8, 30].map((made) => backoffMs(RETRY, made, 1))).toEqual([1_000, 2_000, 4_000, 64_000, 120_000, 120_000]);
  expect([1, 2, 3].map((made) => backoffMs(RETRY, made, 0))).toEqual([500, 1_000, 2_000]);
  expect(backoffMs({ ...RETRY, longestBackoffMs: 15_000 }, 1_000, 1)).toBe(15_000);
});

test.each(Object.values(WORK_JOBS).filter(({ name }) => name !== 'purge'))('$name is given up within 30 minutes', ({ retry }) => {
  const total = Array.from({ length: mostAttempts(retry) - 1 }, (_, index) => backoffMs(retry, index + 1, 1)).reduce(
    (sum, ms) => sum + ms,
    0,
  );
  expect(total).toBeLessThanOrEqual(30 * 60_000);
});

test('an outcome outlives a day without Postgres, a viewer gets his answer within a second', () => {
  const total = (retry: typeof RETRY, random: number) =>
    Array.from({ length: mostAttempts(retry) - 1 }, (_, index) => backoffMs(retry, index + 1, random)).reduce((sum, ms) => sum + ms, 0);
  expect(total({ outageAttempts: 0, ...outcomeJob.retry }, 0)).toBeGreaterThan(20 * 3_600_000);
  expect(total({ outageAttempts: 0, ...urgentJob.retry }, 1)).toBeLessThan(1_000);
});
