import { randomBytes } from 'node:crypto';
import type { JobDefinition } from '@mediaflow/shared/jobs';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { createLog } from '../log.ts';
import { type ConsumeOptions, type Consumer, consume, createProducer, type JobHandler, type Producer } from '../queue.ts';

/** Short enough for a test to see a job lost and taken again. */
export const QUICK_TIMING = { lockMs: 500, stalledCheckMs: 100, silenceMs: 12_000, closeMs: 1_000, restMs: 50 };

export interface TestPayload {
  readonly id: string;
  readonly priority?: number | undefined;
}

/** A queue of one test's own. */
export interface TestQueue {
  readonly definition: JobDefinition<TestPayload>;
  readonly producer: Producer;
  /** Past the producer, to look and to prepare. */
  readonly queue: Queue;
  enqueue(payload: TestPayload): Promise<void>;
  startConsumer(
    handle: JobHandler<TestPayload>,
    options?: Partial<ConsumeOptions<TestPayload>>,
    definition?: JobDefinition<TestPayload>,
  ): Consumer;
  /** Every job that is left, in any state. */
  countJobs(): Promise<number>;
  /** Closes what was started, and removes every job. */
  close(): Promise<void>;
}

export function openTestQueue(redisUrl: string): TestQueue {
  const log = createLog('queue-test', 'fatal');
  const definition: JobDefinition<TestPayload> = {
    name: `test-${randomBytes(8).toString('hex')}`,
    payload: z.object({ id: z.string(), priority: z.number().optional() }),
    key: ({ id }) => `job-${id}`,
    priority: ({ priority }) => priority ?? 100,
    retry: { attempts: 3, backoffMs: 1 },
  };
  const producer = createProducer(redisUrl, log);
  const consumers: Consumer[] = [];
  const connection = new Redis(redisUrl);
  const queue = new Queue(definition.name, { connection });
  return {
    definition,
    producer,
    queue,
    enqueue: (payload) => producer.enqueue(definition, payload),
    startConsumer(handle, options = {}, consumed = definition) {
      const consumer = consume(consumed, { redisUrl, concurrency: 1, log, handle, ...options });
      consumers.push(consumer);
      return consumer;
    },
    async countJobs() {
      const counts = await queue.getJobCounts();
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
    async close() {
      await Promise.all([producer.close(), ...consumers.map((consumer) => consumer.close(0))]);
      await queue.obliterate({ force: true });
      await queue.close();
      connection.disconnect();
    },
  };
}
