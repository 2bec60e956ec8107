import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@mediaflow/platform/log';
import type { Producer } from '@mediaflow/platform/queue';
import { AppError } from '@mediaflow/shared/errors';
import { type JobError, type OutcomePayload, outcomeJob } from '@mediaflow/shared/jobs';

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5_000;

/** Hands an outcome to the queue, however long the queue is away; gives up only with `signal`, or for what the queue will never take. */
export function createReporter(
  producer: Pick<Producer, 'enqueue'>,
  log: Log,
): (outcome: OutcomePayload, signal: AbortSignal) => Promise<void> {
  return async (outcome, signal) => {
    for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)) {
      signal.throwIfAborted();
      try {
        return await producer.enqueue(outcomeJob, outcome);
      } catch (err) {
        if (!(err instanceof AppError && err.isRetryable)) throw err;
        log.warn({ err, kind: outcome.kind }, 'outcome not taken; trying again');
      }
      await delay(delayMs, undefined, { signal });
    }
  };
}

/** Longest text kept of one detail: the end of ffmpeg's output is where the reason stands. */
const MAX_DETAIL_LENGTH = 8 * 1024;

/** What is stored and shown of a failure: our own sentences as they are, anything else as one that tells nothing of our inside. */
export function toJobError(error: Error): JobError {
  if (error instanceof AppError) return { code: error.code, message: error.message, details: bounded(error.details) };
  return {
    code: 'internal',
    message: 'The video could not be processed. The failure is ours; it has been recorded.',
    details: bounded({ error: error.stack ?? error.message }),
  };
}

const bounded = (details: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, typeof value === 'string' ? value.slice(-MAX_DETAIL_LENGTH) : value]),
  );
