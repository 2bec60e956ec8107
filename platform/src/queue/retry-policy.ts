import { AppError } from '@mediaflow/shared/errors';
import type { JobDefinition } from '@mediaflow/shared/jobs';
import { UnrecoverableError } from 'bullmq';

type Retry = JobDefinition<unknown>['retry'];

/** Doubled from `backoffMs` each time up to this, so that a service that came back is noticed soon. */
const LONGEST_BACKOFF_MS = 120_000;

/** Pure. What cannot get better by itself: a media error, a payload that does not parse. */
export const isPermanent = (error: Error): boolean =>
  error instanceof UnrecoverableError || (error instanceof AppError && !error.isRetryable);

/** Pure. Attempts that an error is worth: a fault of the work itself soon is final, a service away is waited for. */
export function attemptsFor(error: Error, { attempts, outageAttempts = attempts }: Retry): number {
  if (isPermanent(error)) return 1;
  return error instanceof AppError && error.isOutage ? outageAttempts : attempts;
}

/** The most attempts that any error is worth. */
export const mostAttempts = ({ attempts, outageAttempts = attempts }: Retry): number => Math.max(attempts, outageAttempts);

/**
 * Pure. Milliseconds before the attempt after `attemptsMade` (1 or more), of which one half is chance, so that jobs which
 * failed together do not come back together. `random` is 0 to 1.
 */
export function backoffMs(
  { backoffMs: first, longestBackoffMs = LONGEST_BACKOFF_MS }: Retry,
  attemptsMade: number,
  random: number,
): number {
  const most = Math.min(first * 2 ** (attemptsMade - 1), longestBackoffMs);
  return Math.round(most * (0.5 + random / 2));
}
