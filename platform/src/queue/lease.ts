import { once } from 'node:events';
import { AppError } from '@mediaflow/shared/errors';
import type { Job } from 'bullmq';

/**
 * Extends the job's lock in Redis, which works only for the token that holds it. When another holds it, or nobody (Redis
 * was emptied, or the lock ran out while this process was frozen), `abort` is aborted.
 *
 * @throws AppError `worker_lost`; the signal's reason when that is aborted before Redis answers
 */
export async function confirmLease(job: Job, token: string | undefined, lockMs: number, abort: AbortController): Promise<void> {
  const { signal } = abort;
  signal.throwIfAborted();
  const answer = new AbortController();
  try {
    const isHeld = await Promise.race([
      job.extendLock(token ?? '', lockMs).then((result) => result === 1),
      once(signal, 'abort', { signal: answer.signal }).then(() => Promise.reject(signal.reason)),
    ]);
    if (isHeld) return;
    abort.abort(new AppError('worker_lost', 'The job was taken away from this worker.'));
    signal.throwIfAborted();
  } finally {
    answer.abort();
  }
}
