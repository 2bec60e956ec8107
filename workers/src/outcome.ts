import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@mediaflow/platform/log';
import type { Producer } from '@mediaflow/platform/queue';
import { AppError } from '@mediaflow/shared/errors';
import { type JobError, type OutcomePayload, outcomeJob } from '@mediaflow/shared/jobs';

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5_000;

/** Hands an outcome to the queue, however long the queue is away; gives up only with `signal`. */
export function createReporter(producer: Producer, log: Log): (outcome: OutcomePayload, signal: AbortSignal) => Promise<void> {
  return async (outcome, signal) => {
    for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)) {
      signal.throwIfAborted();
      try {
        return await producer.enqueue(outcomeJob, outcome);
      } catch (err) {
        log.warn({ err, kind: outcome.kind }, 'outcome not taken; trying again');
      }
      await delay(delayMs, undefined, { signal });
    }
  };
}

/** What is stored and shown of a failure: our own sentences as they are, anything else as one that tells nothing of our inside. */
export function toJobError(error: Error): JobError {
  if (error instanceof AppError) return { code: error.code, message: error.message, details: { ...error.details } };
  return {
    code: 'internal',
    message: 'The video could not be processed. The failure is ours; it has been recorded.',
    details: { error: error.stack ?? error.message },
  };
}
