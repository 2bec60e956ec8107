import { AppError } from '@mediaflow/shared/errors';
import type { JobDefinition } from '@mediaflow/shared/jobs';
import { type Job, Queue, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Log } from './log.ts';

/** Milliseconds any call of a producer may take; BullMQ's `add` never settles by itself while Redis is away (research: BullMQ 7). */
const ANSWER_MS = 5_000;

/** All in milliseconds; tests shorten them. */
export interface ConsumeTiming {
  /** How long a worker may be silent before its job is another's; noticed after at most `lockMs + stalledCheckMs`. */
  readonly lockMs: number;
  readonly stalledCheckMs: number;
  /** A connection without an answer for so long is dead, and opened anew. Longer than the 10 s that BullMQ blocks for. */
  readonly silenceMs: number;
  /** What `close` allows beyond the grace given to running jobs. */
  readonly closeMs: number;
}
const TIMING: ConsumeTiming = { lockMs: 10_000, stalledCheckMs: 3_000, silenceMs: 20_000, closeMs: 5_000 };

export interface Producer {
  /** Idempotent by the definition's `key`: a job that is waiting or running is not added again. Throws `unavailable` when Redis is. */
  enqueue<Payload>(definition: JobDefinition<Payload>, payload: Payload): Promise<void>;
  /** Whether the payload's job is waiting, delayed or running. Throws `unavailable` when Redis is. */
  isQueued<Payload>(definition: JobDefinition<Payload>, payload: Payload): Promise<boolean>;
  /** Resolves when Redis answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Fails fast: a request or the outbox relay must never hang on Redis. */
export function createProducer(redisUrl: string, log: Log, answerMs = ANSWER_MS): Producer {
  const connection = new Redis(redisUrl, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: answerMs,
    // A peer that vanished without a word would otherwise keep the connection for a quarter of an hour.
    socketTimeout: answerMs,
  });
  connection.on('error', (error) => log.debug({ err: error }, 'redis connection'));
  const queues = new Map<string, Queue>();
  const queueOf = (name: string): Queue => {
    const known = queues.get(name);
    if (known !== undefined) return known;
    const queue = new Queue(name, { connection });
    queue.on('error', (error) => log.debug({ err: error }, 'queue connection'));
    queues.set(name, queue);
    return queue;
  };
  return {
    async enqueue(definition, payload) {
      const parsed = definition.payload.parse(payload);
      const priority = definition.priority?.(parsed);
      const added = queueOf(definition.name).add(definition.name, parsed, {
        jobId: definition.key(parsed),
        attempts: definition.retry.attempts,
        backoff: { type: 'exponential', delay: definition.retry.backoffMs, jitter: 0.5 },
        ...(priority !== undefined && { priority }),
        // Postgres remembers what happened; a kept job would swallow a later one of the same id in silence.
        removeOnComplete: true,
        removeOnFail: true,
      });
      await answered(added, answerMs);
    },
    async isQueued(definition, payload) {
      return (await answered(queueOf(definition.name).getJob(definition.key(payload)), answerMs)) !== undefined;
    },
    async ping() {
      await answered(connection.ping(), answerMs);
    },
    async close() {
      await withDeadline(Promise.all([...queues.values()].map((queue) => queue.close())), answerMs).catch(() => undefined);
      connection.disconnect();
    },
  };
}

export interface JobContext {
  /** Aborted when the process must stop or the job's lock was lost. */
  readonly signal: AbortSignal;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly log: Log;
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
  readonly onFailed?: (payload: Payload, error: Error) => Promise<void>;
  readonly timing?: ConsumeTiming;
}

export interface Consumer {
  /** Stops taking jobs, aborts those running after `graceMs` (they go back to the queue), and always returns. */
  close(graceMs: number): Promise<void>;
}

/** Waits for Redis as long as it takes: a worker without its queue has nothing else to do. */
export function consume<Payload>(definition: JobDefinition<Payload>, options: ConsumeOptions<Payload>): Consumer {
  const timing = options.timing ?? TIMING;
  const connection = new Redis(options.redisUrl, { maxRetriesPerRequest: null, socketTimeout: timing.silenceMs });
  const running = new Map<string, AbortController>();
  const log = options.log.child({ queue: definition.name });
  /** What the processor reported itself; the `failed` event adds the jobs it never saw again. */
  const reported = new WeakSet<Error>();
  const reports = new Set<Promise<void>>();
  let isStopping = false;

  const report = async (job: Job, error: Error): Promise<void> => {
    const payload = definition.payload.safeParse(job.data);
    if (!payload.success) return log.error({ err: error, job: job.id }, 'job with a payload that does not parse given up');
    await options.onFailed?.(payload.data, error).catch((err: unknown) => log.error({ err, job: job.id }, 'failure not reported'));
  };

  /** What BullMQ is to make of a handler's error. */
  const settle = async (job: Job, token: string | undefined, thrown: unknown, signal: AbortSignal): Promise<Error> => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const isPermanent = error instanceof UnrecoverableError || (error instanceof AppError && !error.isRetryable);
    if (signal.aborted && !isPermanent) {
      // Aborted by us and not failed: another worker takes it, and no attempt is counted.
      if (isStopping) {
        await job.moveToWait(token);
        return new WaitingError();
      }
      return error;
    }
    const verdict = isPermanent ? Object.assign(new UnrecoverableError(error.message), { cause: error }) : error;
    reported.add(verdict);
    if (isPermanent || job.attemptsMade + 1 >= (job.opts.attempts ?? 1)) await report(job, error);
    return verdict;
  };

  const worker = new Worker<unknown, void>(
    definition.name,
    async (job, token) => {
      const abort = new AbortController();
      const id = job.id ?? '';
      running.set(id, abort);
      try {
        const payload = parsePayload(definition, job);
        await options.handle(payload, { signal: abort.signal, attempt: job.attemptsMade + 1, log: log.child({ job: id }) });
      } catch (error) {
        throw await settle(job, token, error, abort.signal);
      } finally {
        running.delete(id);
      }
    },
    {
      connection,
      concurrency: options.concurrency,
      lockDuration: timing.lockMs,
      stalledInterval: timing.stalledCheckMs,
      // A deploy that catches a job five times must not fail it; a poison job still ends.
      maxStalledCount: 5,
    },
  );
  worker.on('error', (error) => log.warn({ err: error }, 'queue connection'));
  worker.on('lockRenewalFailed', (jobIds) => {
    for (const id of jobIds) running.get(id)?.abort(new AppError('worker_lost', 'The job was taken away from this worker.'));
  });
  worker.on('failed', (job, error) => {
    if (job === undefined || reported.has(error)) return;
    const lost = new AppError('worker_lost', 'Every worker that took this job was lost.', { cause: error });
    const reporting = report(job, lost).finally(() => reports.delete(reporting));
    reports.add(reporting);
  });

  return {
    async close(graceMs) {
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

/** Redis's answer; anything else, refused connections and silence included, is `unavailable`. */
async function answered<T>(request: Promise<T>, answerMs: number): Promise<T> {
  try {
    return await withDeadline(request, answerMs);
  } catch (error) {
    throw error instanceof AppError ? error : new AppError('unavailable', 'Redis does not answer.', { cause: error });
  }
}

async function withDeadline<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('unavailable', 'Redis does not answer.')), milliseconds);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
