import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AppError } from '@mediaflow/shared/errors';
import type { JobDefinition } from '@mediaflow/shared/jobs';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { createLog } from '../log.ts';
import { type ConsumeOptions, type Consumer, consume, createProducer, type JobHandler, type Producer } from '../queue.ts';

const REDIS_URL = `${inject('redisUrl')}/20`;
const TIMING = { lockMs: 500, stalledCheckMs: 100, silenceMs: 12_000, closeMs: 1_000, restMs: 50 };
const log = createLog('queue-test', 'fatal');

interface Payload {
  readonly id: string;
  readonly priority?: number | undefined;
}

describe('the queue', () => {
  let definition: JobDefinition<Payload>;
  let producer: Producer;
  let consumers: Consumer[];
  let connection: Redis;
  let queue: Queue;

  beforeEach(() => {
    definition = {
      name: `test-${randomBytes(8).toString('hex')}`,
      payload: z.object({ id: z.string(), priority: z.number().optional() }),
      key: ({ id }) => `job-${id}`,
      priority: ({ priority }) => priority ?? 100,
      retry: { attempts: 3, backoffMs: 1 },
    };
    producer = createProducer(REDIS_URL, log);
    consumers = [];
    connection = new Redis(REDIS_URL);
    queue = new Queue(definition.name, { connection });
  });
  afterEach(async () => {
    await Promise.all([producer.close(), ...consumers.map((consumer) => consumer.close(0))]);
    await queue.obliterate({ force: true });
    await queue.close();
    connection.disconnect();
  });

  function startConsumer(handle: JobHandler<Payload>, options: Partial<ConsumeOptions<Payload>> = {}): Consumer {
    const consumer = consume(definition, { redisUrl: REDIS_URL, concurrency: 1, log, handle, ...options });
    consumers.push(consumer);
    return consumer;
  }

  /** Every job that is left, in any state. */
  const countJobs = async () => {
    const counts = await queue.getJobCounts();
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  };

  describe('enqueue', () => {
    test('adds one job, however often the same work is asked for', async () => {
      await Promise.all(Array.from({ length: 10 }, () => producer.enqueue(definition, { id: 'a' })));
      await producer.enqueue(definition, { id: 'b' });
      expect(await countJobs()).toBe(2);
    });

    test('takes the same work again once it is done', async () => {
      const seen: string[] = [];
      startConsumer(async ({ id }) => void seen.push(id));
      await producer.enqueue(definition, { id: 'a' });
      await expect.poll(() => seen).toEqual(['a']);
      await expect.poll(countJobs).toBe(0);
      await producer.enqueue(definition, { id: 'a' });
      await expect.poll(() => seen).toEqual(['a', 'a']);
    });

    test('knows what is queued', async () => {
      await producer.enqueue(definition, { id: 'a' });
      expect(await producer.isQueued(definition, { id: 'a' })).toBe(true);
      expect(await producer.isQueued(definition, { id: 'b' })).toBe(false);
    });

    test('moves a job that waits forward, never back', async () => {
      for (const id of ['a', 'b', 'c']) await producer.enqueue(definition, { id, priority: 5 });
      await producer.enqueue(definition, { id: 'c', priority: 1 });
      await producer.enqueue(definition, { id: 'a', priority: 9 });
      const order: Payload[] = [];
      startConsumer(async (payload) => void order.push(payload));
      await expect.poll(() => order.map(({ id }) => id)).toEqual(['c', 'a', 'b']);
      // What was asked for last with the better priority is what runs.
      expect(order.map(({ priority }) => priority)).toEqual([1, 5, 5]);
    });

    test('leaves a job alone that runs', async () => {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      const { promise: taken, resolve: take } = Promise.withResolvers<void>();
      let runs = 0;
      startConsumer(async () => {
        runs += 1;
        take();
        await gate;
      });
      await producer.enqueue(definition, { id: 'a', priority: 5 });
      await taken;
      await producer.enqueue(definition, { id: 'a', priority: 1 });
      expect(await producer.countJobs(definition)).toEqual({ waiting: 0, delayed: 0, active: 1 });
      open();
      await expect.poll(countJobs).toBe(0);
      expect(runs).toBe(1);
    });

    test('counts what waits, what waits for its next attempt, and what runs', async () => {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      const slow = { ...definition, retry: { attempts: 2, backoffMs: 600_000 } };
      consumers.push(
        consume(slow, {
          redisUrl: REDIS_URL,
          concurrency: 1,
          log,
          handle: ({ id }) => (id === 'fails' ? Promise.reject(new Error('once')) : gate),
        }),
      );
      expect(await producer.countJobs(slow)).toEqual({ waiting: 0, delayed: 0, active: 0 });
      for (const [index, id] of ['fails', 'runs', 'waits', 'waits too'].entries())
        await producer.enqueue(slow, { id, priority: index + 1 });
      await expect.poll(() => producer.countJobs(slow)).toEqual({ waiting: 3, delayed: 1, active: 1 });
      open();
      await expect.poll(() => producer.countJobs(slow)).toEqual({ waiting: 1, delayed: 1, active: 0 });
    });

    test.each([{}, { id: 5 }, null, 'text'])('refuses %j before it reaches Redis', async (payload) => {
      await expect(producer.enqueue(definition, payload as Payload)).rejects.toThrow(z.ZodError);
      expect(await countJobs()).toBe(0);
    });
  });

  describe('consume', () => {
    test('hands over the payload, the attempt and nothing of the queue', async () => {
      const calls: unknown[] = [];
      startConsumer(async (payload, { attempt, signal }) => void calls.push({ payload, attempt, aborted: signal.aborted }));
      await producer.enqueue(definition, { id: 'a' });
      await expect.poll(() => calls).toEqual([{ payload: { id: 'a' }, attempt: 1, aborted: false }]);
      await expect.poll(countJobs).toBe(0);
    });

    test('takes the lowest number first, and equal ones in order', async () => {
      for (const [id, priority] of Object.entries({ late: 9, middle: 5, first: 1, alsoMiddle: 5 })) {
        await producer.enqueue(definition, { id, priority });
      }
      const order: string[] = [];
      startConsumer(async ({ id }) => void order.push(id));
      await expect.poll(() => order).toEqual(['first', 'middle', 'alsoMiddle', 'late']);
    });

    test('runs no more at once than asked for', async () => {
      let running = 0;
      let most = 0;
      let done = 0;
      startConsumer(
        async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
          done += 1;
        },
        { concurrency: 3 },
      );
      await Promise.all(Array.from({ length: 20 }, (_, index) => producer.enqueue(definition, { id: String(index) })));
      await expect.poll(() => done).toBe(20);
      expect(most).toBeLessThanOrEqual(3);
    });

    test('tries again after an error that may pass, and reports nothing', async () => {
      const attempts: number[] = [];
      const failures: Error[] = [];
      startConsumer(
        async (_, { attempt }) => {
          attempts.push(attempt);
          if (attempt < 3) throw new AppError('unavailable', 'The store is away.');
        },
        { onFailed: async (_, error) => void failures.push(error) },
      );
      await producer.enqueue(definition, { id: 'a' });
      await expect.poll(() => attempts).toEqual([1, 2, 3]);
      await expect.poll(countJobs).toBe(0);
      expect(failures).toEqual([]);
    });

    test('reports the last error when no attempt is left, once', async () => {
      const failures: { payload: Payload; error: Error }[] = [];
      const attempts: number[] = [];
      startConsumer(
        async (_, { attempt }) => {
          attempts.push(attempt);
          throw new Error(`attempt ${attempt}`);
        },
        { onFailed: async (payload, error) => void failures.push({ payload, error }) },
      );
      await producer.enqueue(definition, { id: 'a' });
      await expect.poll(countJobs).toBe(0);
      expect(attempts).toEqual([1, 2, 3]);
      expect(failures).toMatchObject([{ payload: { id: 'a' }, error: { message: 'attempt 3' } }]);
    });

    test('tries only once what cannot get better, and reports the error that was thrown', async () => {
      const thrown = new AppError('corrupt', 'The file is damaged.', { details: { exitCode: 1 } });
      const failures: Error[] = [];
      let attempts = 0;
      startConsumer(
        async () => {
          attempts += 1;
          throw thrown;
        },
        { onFailed: async (_, error) => void failures.push(error) },
      );
      await producer.enqueue(definition, { id: 'a' });
      await expect.poll(countJobs).toBe(0);
      expect(attempts).toBe(1);
      expect(failures).toEqual([thrown]);
    });

    test('reports before the job is gone: a kill in between repeats the report and loses nothing', async () => {
      const jobsLeft: number[] = [];
      startConsumer(
        async () => {
          throw new AppError('corrupt', 'The file is damaged.');
        },
        { onFailed: async () => void jobsLeft.push(await countJobs()) },
      );
      await producer.enqueue(definition, { id: 'a' });
      await expect.poll(countJobs).toBe(0);
      expect(jobsLeft).toEqual([1]);
    });

    test('gives up a payload that does not parse and goes on', async () => {
      const seen: string[] = [];
      const failures: Error[] = [];
      await queue.add(definition.name, { nonsense: true }, { jobId: 'job-bad', attempts: 5, removeOnFail: true });
      await producer.enqueue(definition, { id: 'good' });
      startConsumer(async ({ id }) => void seen.push(id), { onFailed: async (_, error) => void failures.push(error) });
      await expect.poll(() => seen).toEqual(['good']);
      await expect.poll(countJobs).toBe(0);
      expect(failures).toEqual([]);
    });

    test('a report that fails does not stop the queue', async () => {
      const seen: string[] = [];
      startConsumer(
        async ({ id }) => {
          seen.push(id);
          throw new AppError('corrupt', 'The file is damaged.');
        },
        { onFailed: () => Promise.reject(new Error('the origin is away')) },
      );
      await producer.enqueue(definition, { id: 'a', priority: 1 });
      await producer.enqueue(definition, { id: 'b', priority: 2 });
      await expect.poll(() => seen).toEqual(['a', 'b']);
    });
  });

  describe('a consumer that cannot work', () => {
    test('takes nothing, counts no attempt, and goes on by itself', async () => {
      let hasRoom = false;
      let asked = 0;
      const attempts: number[] = [];
      await producer.enqueue(definition, { id: 'a' });
      const consumer = startConsumer(async (_, { attempt }) => void attempts.push(attempt), {
        timing: TIMING,
        canWork: async () => {
          asked += 1;
          return hasRoom;
        },
      });
      await expect.poll(() => asked).toBeGreaterThan(2);
      expect(attempts).toEqual([]);
      expect(consumer.state()).toMatchObject({ taken: 0, isOpen: false });
      hasRoom = true;
      await expect.poll(() => attempts).toEqual([1]);
      await expect.poll(countJobs).toBe(0);
      // It loses its room while it waits for a job: that one goes back as it was.
      hasRoom = false;
      await producer.enqueue(definition, { id: 'b' });
      const before = asked;
      await expect.poll(() => asked).toBeGreaterThan(before + 2);
      expect(attempts).toEqual([1]);
      expect(await producer.countJobs(definition)).toEqual({ waiting: 1, delayed: 0, active: 0 });
      hasRoom = true;
      await expect.poll(() => attempts).toEqual([1, 1]);
    });

    test('leaves its jobs to one that can', async () => {
      const done: string[] = [];
      startConsumer(async () => void done.push('by the full one'), { timing: TIMING, canWork: () => Promise.reject(new Error('no disk')) });
      startConsumer(async () => void done.push('by the other'), { timing: TIMING });
      for (const id of ['a', 'b', 'c']) await producer.enqueue(definition, { id });
      await expect.poll(() => done).toEqual(['by the other', 'by the other', 'by the other']);
    });

    test('closes', async () => {
      const consumer = startConsumer(async () => undefined, { timing: TIMING, canWork: () => Promise.resolve(false) });
      await consumer.close(0);
    });
  });

  describe('a worker that is killed', () => {
    /** Resolves when a process of its own has taken the job and was killed with it. */
    async function takeAndDie(): Promise<void> {
      const script = fileURLToPath(new URL('../testing/hold-job.ts', import.meta.url));
      const child = spawn(process.execPath, ['--experimental-strip-types', '--no-warnings', script, REDIS_URL, definition.name], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }

    test('loses its job to another one', async () => {
      await producer.enqueue(definition, { id: 'a' });
      await takeAndDie();
      const attempts: number[] = [];
      startConsumer(async (_, { attempt }) => void attempts.push(attempt), { timing: TIMING });
      await expect.poll(() => attempts, { timeout: 10_000 }).toEqual([1]);
      await expect.poll(countJobs).toBe(0);
    });

    test('time after time makes the job a failure that is reported', async () => {
      await producer.enqueue(definition, { id: 'poison' });
      for (let kill = 0; kill < 6; kill += 1) await takeAndDie();
      const failures: { payload: Payload; error: Error; attempts: number }[] = [];
      let handled = 0;
      startConsumer(
        async () => {
          handled += 1;
        },
        { timing: TIMING, onFailed: async (payload, error, attempts) => void failures.push({ payload, error, attempts }) },
      );
      await expect
        .poll(() => failures, { timeout: 10_000 })
        .toMatchObject([{ payload: { id: 'poison' }, error: { code: 'worker_lost' }, attempts: 6 }]);
      expect(handled).toBe(0);
      await expect.poll(countJobs).toBe(0);
    });
  });

  describe('close', () => {
    test('lets a running job end', async () => {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      const { promise: taken, resolve: take } = Promise.withResolvers<void>();
      const consumer = startConsumer(async () => {
        take();
        await gate;
      });
      await producer.enqueue(definition, { id: 'a' });
      await taken;
      const closed = consumer.close(60_000);
      open();
      await closed;
      expect(await countJobs()).toBe(0);
    });

    test('after the grace aborts a job, which goes back without an attempt counted', async () => {
      const attempts: number[] = [];
      const failures: Error[] = [];
      const { promise: taken, resolve: take } = Promise.withResolvers<void>();
      const consumer = startConsumer(
        async (_, { attempt, signal }) => {
          attempts.push(attempt);
          take();
          await once(signal, 'abort');
          throw signal.reason;
        },
        { onFailed: async (_, error) => void failures.push(error) },
      );
      await producer.enqueue(definition, { id: 'a' });
      await taken;
      await consumer.close(0);
      expect(await queue.getJobCounts('active', 'failed', 'delayed')).toMatchObject({ active: 0, failed: 0, delayed: 0 });
      startConsumer(async (_, { attempt }) => void attempts.push(attempt));
      await expect.poll(() => attempts).toEqual([1, 1]);
      await expect.poll(countJobs).toBe(0);
      expect(failures).toEqual([]);
    });
  });
});
