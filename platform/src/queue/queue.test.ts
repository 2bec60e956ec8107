import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AppError } from '@mediaflow/shared/errors';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { createLog } from '../log.ts';
import { openTestQueue, QUICK_TIMING, type TestPayload, type TestQueue } from '../testing/test-queue.ts';
import { watchInterest } from './interest.ts';

const REDIS_URL = `${inject('redisUrl')}/20`;

describe('the queue', () => {
  let jobs: TestQueue;
  beforeEach(() => {
    jobs = openTestQueue(REDIS_URL);
  });
  afterEach(() => jobs.close());

  describe('enqueue', () => {
    test('adds one job, however often the same work is asked for', async () => {
      await Promise.all(Array.from({ length: 10 }, () => jobs.enqueue({ id: 'a' })));
      await jobs.enqueue({ id: 'b' });
      expect(await jobs.countJobs()).toBe(2);
    });

    test('takes the same work again once it is done', async () => {
      const seen: string[] = [];
      jobs.startConsumer(async ({ id }) => void seen.push(id));
      await jobs.enqueue({ id: 'a' });
      await expect.poll(() => seen).toEqual(['a']);
      await expect.poll(jobs.countJobs).toBe(0);
      await jobs.enqueue({ id: 'a' });
      await expect.poll(() => seen).toEqual(['a', 'a']);
    });

    test('knows what is queued', async () => {
      await jobs.enqueue({ id: 'a' });
      expect(await jobs.producer.isQueued(jobs.definition, { id: 'a' })).toBe(true);
      expect(await jobs.producer.isQueued(jobs.definition, { id: 'b' })).toBe(false);
    });

    test('moves a job that waits forward, never back', async () => {
      for (const id of ['a', 'b', 'c']) await jobs.enqueue({ id, priority: 5 });
      await jobs.enqueue({ id: 'c', priority: 1 });
      await jobs.enqueue({ id: 'a', priority: 9 });
      const order: TestPayload[] = [];
      jobs.startConsumer(async (payload) => void order.push(payload));
      await expect.poll(() => order.map(({ id }) => id)).toEqual(['c', 'a', 'b']);
      // What was asked for last with the better priority is what runs.
      expect(order.map(({ priority }) => priority)).toEqual([1, 5, 5]);
    });

    test('leaves a job alone that runs', async () => {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      const { promise: taken, resolve: take } = Promise.withResolvers<void>();
      let runs = 0;
      jobs.startConsumer(async () => {
        runs += 1;
        take();
        await gate;
      });
      await jobs.enqueue({ id: 'a', priority: 5 });
      await taken;
      await jobs.enqueue({ id: 'a', priority: 1 });
      expect(await jobs.producer.countJobs(jobs.definition)).toEqual({ waiting: 0, delayed: 0, active: 1 });
      open();
      await expect.poll(jobs.countJobs).toBe(0);
      expect(runs).toBe(1);
    });

    test('withdraws a job that waits, and leaves alone one that runs', async () => {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      const seen: string[] = [];
      jobs.startConsumer(async ({ id }) => {
        seen.push(id);
        await gate;
      });
      await jobs.enqueue({ id: 'runs' });
      await expect.poll(() => seen).toEqual(['runs']);
      await jobs.enqueue({ id: 'waits' });
      for (const id of ['runs', 'waits', 'unknown']) await jobs.producer.withdraw(jobs.definition, { id });
      expect(await jobs.producer.countJobs(jobs.definition)).toEqual({ waiting: 0, delayed: 0, active: 1 });
      open();
      await expect.poll(jobs.countJobs).toBe(0);
      expect(seen).toEqual(['runs']);
    });

    test('tells whoever runs a withdrawn job, and nobody else', async () => {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      const { promise: taken, resolve: take } = Promise.withResolvers<void>();
      jobs.startConsumer(() => {
        take();
        return gate;
      });
      await jobs.enqueue({ id: 'runs' });
      await taken;
      const interest = watchInterest(jobs.definition, REDIS_URL, createLog('queue-test', 'fatal'));
      const [runs, other, ended] = ['runs', 'other', 'runs'].map((id) => interest.follow({ id }));
      // The later one of two on the same job is the one that counts.
      const last = interest.follow({ id: 'runs' });
      ended?.end();
      // Until its subscription stands, no word reaches it.
      await expect
        .poll(async () => {
          await jobs.producer.withdraw(jobs.definition, { id: 'runs' });
          return last.unwanted.aborted;
        })
        .toBe(true);
      expect([runs, other].map((followed) => followed?.unwanted.aborted)).toEqual([false, false]);
      interest.close();
      open();
    });

    test('counts what waits, what waits for its next attempt, and what runs', async () => {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      const slow = { ...jobs.definition, retry: { attempts: 2, backoffMs: 600_000 } };
      jobs.startConsumer(({ id }) => (id === 'fails' ? Promise.reject(new Error('once')) : gate), {}, slow);
      expect(await jobs.producer.countJobs(slow)).toEqual({ waiting: 0, delayed: 0, active: 0 });
      for (const [index, id] of ['fails', 'runs', 'waits', 'waits too'].entries())
        await jobs.producer.enqueue(slow, { id, priority: index + 1 });
      await expect.poll(() => jobs.producer.countJobs(slow)).toEqual({ waiting: 3, delayed: 1, active: 1 });
      open();
      await expect.poll(() => jobs.producer.countJobs(slow)).toEqual({ waiting: 1, delayed: 1, active: 0 });
    });

    test.each([{}, { id: 5 }, null, 'text'])('refuses %j before it reaches Redis', async (payload) => {
      await expect(jobs.enqueue(payload as TestPayload)).rejects.toThrow(z.ZodError);
      expect(await jobs.countJobs()).toBe(0);
    });
  });

  describe('consume', () => {
    test('hands over the payload, the attempt and nothing of the queue', async () => {
      const calls: unknown[] = [];
      jobs.startConsumer(async (payload, { attempt, signal }) => void calls.push({ payload, attempt, aborted: signal.aborted }));
      await jobs.enqueue({ id: 'a' });
      await expect.poll(() => calls).toEqual([{ payload: { id: 'a' }, attempt: 1, aborted: false }]);
      await expect.poll(jobs.countJobs).toBe(0);
    });

    test('takes the lowest number first, and equal ones in order', async () => {
      for (const [id, priority] of Object.entries({ late: 9, middle: 5, first: 1, alsoMiddle: 5 })) {
        await jobs.enqueue({ id, priority });
      }
      const order: string[] = [];
      jobs.startConsumer(async ({ id }) => void order.push(id));
      await expect.poll(() => order).toEqual(['first', 'middle', 'alsoMiddle', 'late']);
    });

    test('runs no more at once than asked for', async () => {
      let running = 0;
      let most = 0;
      let done = 0;
      jobs.startConsumer(
        async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
          done += 1;
        },
        { concurrency: 3 },
      );
      await Promise.all(Array.from({ length: 20 }, (_, index) => jobs.enqueue({ id: String(index) })));
      await expect.poll(() => done).toBe(20);
      expect(most).toBeLessThanOrEqual(3);
    });

    test('tries again after an error that may pass, and reports nothing', async () => {
      const attempts: number[] = [];
      const failures: Error[] = [];
      jobs.startConsumer(
        async (_, { attempt }) => {
          attempts.push(attempt);
          if (attempt < 3) throw new AppError('unavailable', 'The store is away.');
        },
        { onFailed: async (_, error) => void failures.push(error) },
      );
      await jobs.enqueue({ id: 'a' });
      await expect.poll(() => attempts).toEqual([1, 2, 3]);
      await expect.poll(jobs.countJobs).toBe(0);
      expect(failures).toEqual([]);
    });

    test('reports the last error when no attempt is left, once', async () => {
      const failures: { payload: TestPayload; error: Error }[] = [];
      const attempts: number[] = [];
      jobs.startConsumer(
        async (_, { attempt }) => {
          attempts.push(attempt);
          throw new Error(`attempt ${attempt}`);
        },
        { onFailed: async (payload, error) => void failures.push({ payload, error }) },
      );
      await jobs.enqueue({ id: 'a' });
      await expect.poll(jobs.countJobs).toBe(0);
      expect(attempts).toEqual([1, 2, 3]);
      expect(failures).toMatchObject([{ payload: { id: 'a' }, error: { message: 'attempt 3' } }]);
    });

    test('tries only once what cannot get better, and reports the error that was thrown', async () => {
      const thrown = new AppError('corrupt', 'The file is damaged.', { details: { exitCode: 1 } });
      const failures: Error[] = [];
      let attempts = 0;
      jobs.startConsumer(
        async () => {
          attempts += 1;
          throw thrown;
        },
        { onFailed: async (_, error) => void failures.push(error) },
      );
      await jobs.enqueue({ id: 'a' });
      await expect.poll(jobs.countJobs).toBe(0);
      expect(attempts).toBe(1);
      expect(failures).toEqual([thrown]);
    });

    test('reports before the job is gone: a kill in between repeats the report and loses nothing', async () => {
      const jobsLeft: number[] = [];
      jobs.startConsumer(
        async () => {
          throw new AppError('corrupt', 'The file is damaged.');
        },
        { onFailed: async () => void jobsLeft.push(await jobs.countJobs()) },
      );
      await jobs.enqueue({ id: 'a' });
      await expect.poll(jobs.countJobs).toBe(0);
      expect(jobsLeft).toEqual([1]);
    });

    test('gives up a payload that does not parse and goes on', async () => {
      const seen: string[] = [];
      const failures: Error[] = [];
      await jobs.queue.add(jobs.definition.name, { nonsense: true }, { jobId: 'job-bad', attempts: 5, removeOnFail: true });
      await jobs.enqueue({ id: 'good' });
      jobs.startConsumer(async ({ id }) => void seen.push(id), { onFailed: async (_, error) => void failures.push(error) });
      await expect.poll(() => seen).toEqual(['good']);
      await expect.poll(jobs.countJobs).toBe(0);
      expect(failures).toEqual([]);
    });

    test('a report that fails does not stop the queue', async () => {
      const seen: string[] = [];
      jobs.startConsumer(
        async ({ id }) => {
          seen.push(id);
          throw new AppError('corrupt', 'The file is damaged.');
        },
        { onFailed: () => Promise.reject(new Error('the origin is away')) },
      );
      await jobs.enqueue({ id: 'a', priority: 1 });
      await jobs.enqueue({ id: 'b', priority: 2 });
      await expect.poll(() => seen).toEqual(['a', 'b']);
    });
  });

  describe('a consumer that cannot work', () => {
    test('takes nothing, counts no attempt, and goes on by itself', async () => {
      let hasRoom = false;
      let asked = 0;
      const attempts: number[] = [];
      await jobs.enqueue({ id: 'a' });
      const consumer = jobs.startConsumer(async (_, { attempt }) => void attempts.push(attempt), {
        timing: QUICK_TIMING,
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
      await expect.poll(jobs.countJobs).toBe(0);
      // It loses its room while it waits for a job: that one goes back as it was.
      hasRoom = false;
      await jobs.enqueue({ id: 'b' });
      const before = asked;
      await expect.poll(() => asked).toBeGreaterThan(before + 2);
      expect(attempts).toEqual([1]);
      expect(await jobs.producer.countJobs(jobs.definition)).toEqual({ waiting: 1, delayed: 0, active: 0 });
      hasRoom = true;
      await expect.poll(() => attempts).toEqual([1, 1]);
    });

    test('leaves its jobs to one that can', async () => {
      const done: string[] = [];
      jobs.startConsumer(async () => void done.push('by the full one'), {
        timing: QUICK_TIMING,
        canWork: () => Promise.reject(new Error('no disk')),
      });
      jobs.startConsumer(async () => void done.push('by the other'), { timing: QUICK_TIMING });
      for (const id of ['a', 'b', 'c']) await jobs.enqueue({ id });
      await expect.poll(() => done).toEqual(['by the other', 'by the other', 'by the other']);
    });

    test('closes', async () => {
      const consumer = jobs.startConsumer(async () => undefined, { timing: QUICK_TIMING, canWork: () => Promise.resolve(false) });
      await consumer.close(0);
    });
  });

  describe('a worker that is killed', () => {
    /** Resolves when a process of its own has taken the job and was killed with it. */
    async function takeAndDie(): Promise<void> {
      const script = fileURLToPath(new URL('../testing/hold-job.ts', import.meta.url));
      const child = spawn(process.execPath, ['--experimental-strip-types', '--no-warnings', script, REDIS_URL, jobs.definition.name], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }

    test('loses its job to another one', async () => {
      await jobs.enqueue({ id: 'a' });
      await takeAndDie();
      const attempts: number[] = [];
      jobs.startConsumer(async (_, { attempt }) => void attempts.push(attempt), { timing: QUICK_TIMING });
      await expect.poll(() => attempts).toEqual([1]);
      await expect.poll(jobs.countJobs).toBe(0);
    });

    test('time after time makes the job a failure that is reported', async () => {
      await jobs.enqueue({ id: 'poison' });
      for (let kill = 0; kill < 6; kill += 1) await takeAndDie();
      const failures: { payload: TestPayload; error: Error; attempts: number }[] = [];
      let handled = 0;
      jobs.startConsumer(
        async () => {
          handled += 1;
        },
        { timing: QUICK_TIMING, onFailed: async (payload, error, attempts) => void failures.push({ payload, error, attempts }) },
      );
      await expect.poll(() => failures).toMatchObject([{ payload: { id: 'poison' }, error: { code: 'worker_lost' }, attempts: 6 }]);
      expect(handled).toBe(0);
      await expect.poll(jobs.countJobs).toBe(0);
    });
  });

  describe('close', () => {
    test('lets a running job end', async () => {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      const { promise: taken, resolve: take } = Promise.withResolvers<void>();
      const consumer = jobs.startConsumer(async () => {
        take();
        await gate;
      });
      await jobs.enqueue({ id: 'a' });
      await taken;
      const closed = consumer.close(60_000);
      open();
      await closed;
      expect(await jobs.countJobs()).toBe(0);
    });

    test('after the grace aborts a job, which goes back without an attempt counted', async () => {
      const attempts: number[] = [];
      const failures: Error[] = [];
      const { promise: taken, resolve: take } = Promise.withResolvers<void>();
      const consumer = jobs.startConsumer(
        async (_, { attempt, signal }) => {
          attempts.push(attempt);
          take();
          await once(signal, 'abort');
          throw signal.reason;
        },
        { onFailed: async (_, error) => void failures.push(error) },
      );
      await jobs.enqueue({ id: 'a' });
      await taken;
      await consumer.close(0);
      expect(await jobs.queue.getJobCounts('active', 'failed', 'delayed')).toMatchObject({ active: 0, failed: 0, delayed: 0 });
      jobs.startConsumer(async (_, { attempt }) => void attempts.push(attempt));
      await expect.poll(() => attempts).toEqual([1, 1]);
      await expect.poll(jobs.countJobs).toBe(0);
      expect(failures).toEqual([]);
    });
  });
});
