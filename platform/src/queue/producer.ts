import type { JobDefinition } from '@mediaflow/shared/jobs';
import { type Job, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import { answered, isReadOnly, withDeadline } from './answer.ts';
import { unwantedChannel } from './interest.ts';
import { assertKeepsJobs } from './redis-policy.ts';
import { mostAttempts } from './retry-policy.ts';

/** Milliseconds any call may take; BullMQ's `add` never settles by itself while Redis is away (research: BullMQ 7). */
const ANSWER_MS = 5_000;

/** Everything here throws `unavailable` when Redis is away, full, or refuses. */
export interface Producer {
  /**
   * Idempotent by the definition's `key`: a job that is waiting or running is not added again. One that waits moves forward,
   * with the new payload, when that has the better priority.
   */
  enqueue<Payload>(definition: JobDefinition<Payload>, payload: Payload): Promise<void>;
  /** Whether the payload's job is waiting, delayed or running. */
  isQueued<Payload>(definition: JobDefinition<Payload>, payload: Payload): Promise<boolean>;
  /** Takes the payload's job out of the queue; whoever runs it is told that nobody waits for it (`watchInterest`). */
  withdraw<Payload>(definition: JobDefinition<Payload>, payload: Payload): Promise<void>;
  countJobs(definition: { readonly name: string }): Promise<JobCounts>;
  /** Resolves when Redis answers, and is set up so that it forgets no job. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface JobCounts {
  /** Not running: those that wait out a backoff included. */
  readonly waiting: number;
  /** Of those waiting: until their backoff is over. */
  readonly delayed: number;
  readonly active: number;
}

/** Fails fast: a request or the outbox relay must never hang on Redis. */
export function createProducer(redisUrl: string, log: Log, answerMs = ANSWER_MS): Producer {
  const connection = new Redis(redisUrl, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: answerMs,
    // A peer that vanished without a word would otherwise keep the connection for a quarter of an hour.
    socketTimeout: answerMs,
    reconnectOnError: isReadOnly,
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
      await answered(add(queueOf(definition.name), definition, parsed), answerMs);
    },
    async isQueued(definition, payload) {
      return (await answered(queueOf(definition.name).getJob(definition.key(payload)), answerMs)) !== undefined;
    },
    async withdraw(definition, payload) {
      const jobId = definition.key(payload);
      // BullMQ refuses to remove one that a worker holds.
      const removed = await answered(queueOf(definition.name).remove(jobId), answerMs);
      if (removed === 0) await answered(connection.publish(unwantedChannel(definition), jobId), answerMs);
    },
    async countJobs({ name }) {
      const counts = await answered(queueOf(name).getJobCounts('wait', 'prioritized', 'delayed', 'active'), answerMs);
      const { active = 0, delayed = 0, wait = 0, prioritized = 0 } = counts;
      return { waiting: wait + prioritized + delayed, delayed, active };
    },
    async ping() {
      assertKeepsJobs(await answered(connection.info('memory'), answerMs));
    },
    async close() {
      await withDeadline(Promise.all([...queues.values()].map((queue) => queue.close())), answerMs).catch(() => undefined);
      connection.disconnect();
    },
  };
}

async function add<Payload>(queue: Queue, definition: JobDefinition<Payload>, payload: Payload): Promise<void> {
  const jobId = definition.key(payload);
  const priority = definition.priority?.(payload);
  await queue.add(definition.name, payload, {
    jobId,
    attempts: mostAttempts(definition.retry),
    // The consumer's strategy reads the definition (retry-policy.ts).
    backoff: { type: 'custom' },
    ...(priority !== undefined && { priority }),
    // Postgres remembers what happened; a kept job would swallow a later one of the same id in silence.
    removeOnComplete: true,
    removeOnFail: true,
  });
  if (priority === undefined) return;
  // BullMQ leaves a job of the same id as it was, and does not say so.
  const queued: Job | undefined = await queue.getJob(jobId);
  if (queued !== undefined && queued.priority > priority) await moveForward(queue, queued, payload, priority);
}

/** One that was taken in the meantime runs as it is. */
async function moveForward(queue: Queue, job: Job, payload: unknown, priority: number): Promise<void> {
  try {
    await job.updateData(payload);
    await job.changePriority({ priority });
  } catch (error) {
    if (job.id !== undefined && (await queue.getJob(job.id)) !== undefined) throw error;
  }
}
