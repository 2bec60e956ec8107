import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { JobDefinition } from '@mediaflow/shared/jobs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createLog } from '../log.ts';
import { type ConsumeOptions, type Consumer, consume, createProducer, type JobContext, type Producer } from '../queue.ts';
import { type PrivateRedis, startPrivateRedis } from '../testing/private-redis.ts';

const log = createLog('lease-test', 'silent');
/** Renewed so seldom that within a test only `confirmLease` speaks to Redis. */
const TIMING = { lockMs: 60_000, stalledCheckMs: 100, silenceMs: 12_000, closeMs: 1_000, restMs: 50 };

let redis: PrivateRedis;
let definition: JobDefinition<{ readonly id: string }>;
let producer: Producer;
let consumers: Consumer[];
beforeEach(async () => {
  redis = await startPrivateRedis();
  producer = createProducer(redis.url, log);
  consumers = [];
  definition = {
    name: `test-${randomBytes(8).toString('hex')}`,
    payload: z.object({ id: z.string() }),
    key: ({ id }) => `job-${id}`,
    retry: { attempts: 3, backoffMs: 1 },
  };
  await expect.poll(() => producer.ping().then(() => 'pong')).toBe('pong');
});
afterEach(async () => {
  await Promise.all([producer.close(), ...consumers.map((consumer) => consumer.close(0))]);
  await redis.close();
});

function start(handle: ConsumeOptions<{ readonly id: string }>['handle'], failures: Error[] = []): void {
  consumers.push(
    consume(definition, {
      redisUrl: redis.url,
      concurrency: 1,
      log,
      handle,
      timing: TIMING,
      onFailed: async (_, error) => void failures.push(error),
    }),
  );
}

/** The context of a job that runs until `end` is called. */
async function takeJob(failures: Error[] = []): Promise<{ readonly context: JobContext; readonly end: (error?: Error) => void }> {
  const { promise: context, resolve: taken } = Promise.withResolvers<JobContext>();
  const { promise: gate, resolve: open, reject: fail } = Promise.withResolvers<void>();
  let isFirst = true;
  start(async (_, current) => {
    if (!isFirst) return;
    isFirst = false;
    taken(current);
    await gate;
  }, failures);
  await producer.enqueue(definition, { id: 'a' });
  return { context: await context, end: (error) => (error === undefined ? open() : fail(error)) };
}

const lockKey = () => `bull:${definition.name}:job-a:lock`;

test('a lease that is held is confirmed, and held for another whole term', async () => {
  const { context, end } = await takeJob();
  await redis.command('PEXPIRE', lockKey(), '5000');
  await context.confirmLease();
  expect(Number(await redis.command('PTTL', lockKey()))).toBeGreaterThan(50_000);
  expect(context.signal.aborted).toBe(false);
  end();
});

test.each([
  { what: 'another worker holds the job', lose: () => redis.command('SET', lockKey(), 'another') },
  { what: 'the lock ran out', lose: () => redis.command('DEL', lockKey()) },
  { what: 'Redis was emptied', lose: () => redis.command('FLUSHALL') },
])('when $what the lease is lost, everything of the job is told to end, and nothing is reported as failed', async ({ lose }) => {
  const failures: Error[] = [];
  const { context, end } = await takeJob(failures);
  await lose();
  const error = await context.confirmLease().then(
    () => undefined,
    (reason: Error) => reason,
  );
  expect(error).toMatchObject({ name: 'AppError', code: 'worker_lost' });
  expect(context.signal.reason).toBe(error);
  await expect(context.confirmLease()).rejects.toBe(error);
  end(error);
  // The consumer lives: it takes the next job.
  await producer.enqueue(definition, { id: 'b' });
  await expect.poll(() => producer.isQueued(definition, { id: 'b' })).toBe(false);
  expect(failures).toEqual([]);
});

test('while Redis is away nothing is confirmed; when it is back with its data the lease still stands', async () => {
  const { context, end } = await takeJob();
  await redis.kill();
  let isSettled = false;
  const confirmed = context.confirmLease().finally(() => {
    isSettled = true;
  });
  await expect(producer.ping()).rejects.toMatchObject({ code: 'unavailable' });
  expect(isSettled).toBe(false);
  await redis.start();
  await confirmed;
  end();
});

test('a worker that stops does not wait for Redis to confirm', async () => {
  const { context, end } = await takeJob();
  await redis.kill();
  const confirmed = context.confirmLease();
  const stopped = Promise.all(consumers.map((consumer) => consumer.close(0)));
  await expect(confirmed).rejects.toMatchObject({ code: 'worker_lost' });
  if (!context.signal.aborted) await once(context.signal, 'abort');
  end(context.signal.reason);
  await stopped;
});
