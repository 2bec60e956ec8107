import { AppError } from '@mediaflow/shared/errors';
import type { JobDefinition } from '@mediaflow/shared/jobs';
import { type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Log } from './log.ts';

/** Milliseconds `enqueue` may take; BullMQ's `add` never settles by itself while Redis is away (research: BullMQ 7). */
const ENQUEUE_TIMEOUT_MS = 5_000;
/** A worker that was killed is noticed after at most `LOCK_MS + STALLED_CHECK_MS`. */
const LOCK_MS = 10_000;
const STALLED_CHECK_MS = 3_000;

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
export function createProducer(redisUrl: string, log: Log): Producer {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: ENQUEUE_TIMEOUT_MS });
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
      await withDeadline(added, ENQUEUE_TIMEOUT_MS);
    },
    async isQueued(definition, payload) {
      const job = queueOf(definition.name).getJob(definition.key(payload));
      return (await withDeadline(job, ENQUEUE_TIMEOUT_MS)) !== undefined;
    },
    async ping() {
      await withDeadline(connection.ping(), ENQUEUE_TIMEOUT_MS);
    },
    async close() {
      await withDeadline(Promise.all([...queues.values()].map((queue) => queue.close())), ENQUEUE_TIMEOUT_MS).catch(() => undefined);
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
  /** Called once when no attempt is left, the lost worker's case included. */
  readonly onFailed?: (payload: Payload, error: Error) => Promise<void>;
}

export interface Consumer {
  /** Stops taking jobs, aborts those running after `graceMs` (they go back to the queue), and always returns. */
  close(graceMs: number): Promise<void>;
}

/** Waits for Redis as long as it takes: a worker without its queue has nothing else to do. */
export function consume<Payload>(definition: JobDefinition<Payload>, options: ConsumeOptions<Payload>): Consumer {
  const connection = new Redis(options.redisUrl, { maxRetriesPerRequest: null });
  const running = new Set<AbortController>();
  const log = options.log.child({ queue: definition.name });

  const worker = new Worker<unknown, void>(
    definition.name,
    async (job) => {
      const payload = parsePayload(definition, job);
      const abort = new AbortController();
      running.add(abort);
      try {
        await options.handle(payload, { signal: abort.signal, attempt: job.attemptsMade + 1, log: log.child({ job: job.id }) });
      } catch (error) {
        if (error instanceof AppError && !error.isRetryable) throw Object.assign(new UnrecoverableError(error.message), { cause: error });
        throw error;
      } finally {
        running.delete(abort);
      }
    },
    {
      connection,
      concurrency: options.concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      // A deploy that catches a job five times must not fail it; a poison job still ends.
      maxStalledCount: 5,
    },
  );
  worker.on('error', (error) => log.warn({ err: error }, 'queue connection'));
  worker.on('lockRenewalFailed', () => {
    for (const abort of running) abort.abort(new AppError('worker_lost', 'The job was taken away from this worker.'));
  });
  worker.on('failed', (job, error) => {
    if (job === undefined || !isFinal(job, error)) return;
    const cause = error.cause instanceof Error ? error.cause : error;
    const payload = definition.payload.safeParse(job.data);
    if (payload.success)
      options.onFailed?.(payload.data, cause).catch((err: unknown) => log.error({ err, job: job.id }, 'failure not reported'));
  });

  return {
    async close(graceMs) {
      const closed = worker.close();
      const timer = setTimeout(() => {
        for (const abort of running) abort.abort(new AppError('worker_lost', 'The worker is stopping.'));
      }, graceMs);
      // `close` never ends while Redis is unreachable (research: BullMQ 8), so a hard deadline stands behind it.
      await withDeadline(closed, graceMs + 5_000).catch(() => undefined);
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

function isFinal(job: Job, error: Error): boolean {
  return error instanceof UnrecoverableError || job.attemptsMade >= (job.opts.attempts ?? 1) || job.finishedOn !== undefined;
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
