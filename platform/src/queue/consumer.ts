import { AppError } from '@mediaflow/shared/errors';
import type { JobDefinition } from '@mediaflow/shared/jobs';
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import { isReadOnly, withDeadline } from './answer.ts';
import { confirmLease } from './lease.ts';
import { createRest } from './rest.ts';
import { attemptsFor, backoffMs, isPermanent } from './retry-policy.ts';
import { type ConsumeTiming, PATIENT_TIMING } from './timing.ts';

export interface JobContext {
  /** Aborted when the process must stop or the job's lock was lost. */
  readonly signal: AbortSignal;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly log: Log;
  /**
   * Asks Redis whether the job still is this worker's, and holds it for another `lockMs`. To be called right before
   * anything that others will see: a process that was frozen learns here that it has been replaced.
   *
   * @throws AppError `worker_lost` when it is not, and `signal` is aborted too; waits while Redis is away
   */
  readonly confirmLease: () => Promise<void>;
}

export type JobHandler<Payload> = (payload: Payload, context: JobContext) => Promise<void>;

export interface ConsumeOptions<Payload> {
  readonly redisUrl: string;
  readonly concurrency: number;
  readonly log: Log;
  readonly handle: JobHandler<Payload>;
  /**
   * Called when no attempt is left, before the job is given up, the lost worker's case included. Again when the process is
   * killed between the two, so it must be idempotent.
   */
  readonly onFailed?: (payload: Payload, error: Error, attempts: number) => Promise<void>;
  /** Asked before each job. While it says no, jobs go back untouched, no attempt is counted, and the consumer rests. */
  readonly canWork?: () => Promise<boolean>;
  readonly timing?: ConsumeTiming;
}

/** Jobs taken since the start, how many of them run, and whether the consumer could take another. */
export interface ConsumerState {
  readonly taken: number;
  readonly running: number;
  readonly isOpen: boolean;
}

export interface Consumer {
  state(): ConsumerState;
  /** Stops taking jobs, aborts those running after `graceMs` (they go back to the queue), and always returns. */
  close(graceMs: number): Promise<void>;
}

/** Waits for Redis as long as it takes: a worker without its queue has nothing else to do. */
export function consume<Payload>(definition: JobDefinition<Payload>, options: ConsumeOptions<Payload>): Consumer {
  const { canWork, concurrency, timing = PATIENT_TIMING } = options;
  const connection = new Redis(options.redisUrl, {
    maxRetriesPerRequest: null,
    socketTimeout: timing.silenceMs,
    reconnectOnError: isReadOnly,
  });
  const running = new Map<string, AbortController>();
  const log = options.log.child({ queue: definition.name });
  /** What the processor reported itself; the `failed` event adds the jobs it never saw again. */
  const reported = new WeakSet<Error>();
  const reports = new Set<Promise<void>>();
  let taken = 0;
  let isStopping = false;

  const report = async (job: Job, error: Error, attempts: number): Promise<void> => {
    const payload = definition.payload.safeParse(job.data);
    if (!payload.success) return log.error({ err: error, job: job.id }, 'job with a payload that does not parse given up');
    await options
      .onFailed?.(payload.data, error, attempts)
      .catch((err: unknown) => log.error({ err, job: job.id }, 'failure not reported'));
  };

  /** Another worker takes it, and no attempt is counted. */
  const handBack = async (job: Job, token: string | undefined): Promise<Error> => {
    await job.moveToWait(token);
    return new WaitingError();
  };

  /** What BullMQ is to make of a handler's error. */
  const settle = async (job: Job, token: string | undefined, thrown: unknown, signal: AbortSignal): Promise<Error> => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    // Aborted by us and not failed. A job that was lost is another's to end: BullMQ refuses our word on it.
    if (signal.aborted && !isPermanent(error)) return isStopping ? await handBack(job, token) : error;
    const attempts = job.attemptsMade + 1;
    const isFinal = attempts >= attemptsFor(error, definition.retry);
    const verdict = isFinal ? Object.assign(new UnrecoverableError(error.message), { cause: error }) : error;
    reported.add(verdict);
    if (isFinal) await report(job, error, attempts);
    return verdict;
  };

  const worker = new Worker<unknown, void>(
    definition.name,
    async (job, token) => {
      if (!(await rest.mayWork())) {
        rest.begin();
        throw await handBack(job, token);
      }
      taken += 1;
      const abort = new AbortController();
      const id = job.id ?? '';
      running.set(id, abort);
      try {
        const payload = parsePayload(definition, job);
        await options.handle(payload, {
          signal: abort.signal,
          attempt: job.attemptsMade + 1,
          log: log.child({ job: id }),
          confirmLease: () => confirmLease(job, token, timing.lockMs, abort),
        });
      } catch (error) {
        throw await settle(job, token, error, abort.signal);
      } finally {
        running.delete(id);
      }
    },
    {
      connection,
      concurrency,
      autorun: false,
      lockDuration: timing.lockMs,
      stalledInterval: timing.stalledCheckMs,
      // A deploy that catches a job five times must not fail it; a poison job still ends.
      maxStalledCount: 5,
      settings: { backoffStrategy: (attemptsMade) => backoffMs(definition.retry, attemptsMade, Math.random()) },
    },
  );
  worker.on('error', (error) => log.warn({ err: error }, 'queue connection'));
  worker.on('lockRenewalFailed', (jobIds) => {
    for (const id of jobIds) running.get(id)?.abort(new AppError('worker_lost', 'The job was taken away from this worker.'));
  });
  worker.on('failed', (job, error) => {
    if (job === undefined || reported.has(error)) return;
    const lost = new AppError('worker_lost', 'Every worker that took this job was lost.', { cause: error });
    const attempts = Math.max(1, job.attemptsMade - 1 + job.stalledCounter);
    const reporting = report(job, lost, attempts).finally(() => reports.delete(reporting));
    reports.add(reporting);
  });
  const rest = createRest(worker, { canWork, restMs: timing.restMs, log });
  void rest.end();

  return {
    state: () => ({
      taken,
      running: running.size,
      isOpen: running.size < concurrency && !worker.isPaused() && worker.closing === undefined,
    }),
    async close(graceMs) {
      rest.close();
      const closed = worker.close();
      const timer = setTimeout(() => {
        isStopping = true;
        for (const abort of running.values()) abort.abort(new AppError('worker_lost', 'The worker is stopping.'));
      }, graceMs);
      // `close` never ends while Redis is unreachable (research: BullMQ 8), so a hard deadline stands behind it.
      await withDeadline(
        closed.then(() => Promise.all(reports)),
        graceMs + timing.closeMs,
      ).catch(() => undefined);
      clearTimeout(timer);
      connection.disconnect();
    },
  };
}

function parsePayload<Payload>(definition: JobDefinition<Payload>, job: Job): Payload {
  const parsed = definition.payload.safeParse(job.data);
  if (parsed.success) return parsed.data;
  throw new UnrecoverableError(`payload of ${definition.name} does not parse: ${parsed.error.message}`);
}
