import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { createLog } from '../log.ts';
import { createProducer } from '../queue.ts';
import { type RedisProxy, startRedisProxy } from '../testing/redis-proxy.ts';
import { openTestQueue, QUICK_TIMING, type TestQueue } from '../testing/test-queue.ts';

const REDIS_URL = `${inject('redisUrl')}/20`;
/** Long for Redis on the same machine, short for the tests that wait in vain. */
const ANSWER_MS = 3_000;
const log = createLog('queue-test', 'fatal');

describe('the queue without its Redis', () => {
  let jobs: TestQueue;
  beforeEach(() => {
    jobs = openTestQueue(REDIS_URL);
  });
  afterEach(() => jobs.close());

  describe('while Redis is away', () => {
    let proxy: RedisProxy;
    beforeEach(async () => {
      proxy = await startRedisProxy(REDIS_URL);
    });
    afterEach(() => proxy.close());

    test.each(['stop', 'hang'] as const)('(%s) enqueue and ping end as unavailable, and work again when it is back', async (outage) => {
      const away = createProducer(proxy.url, log, ANSWER_MS);
      await away.enqueue(jobs.definition, { id: 'before' });
      await proxy[outage]();
      await expect(away.enqueue(jobs.definition, { id: 'during' })).rejects.toMatchObject({ name: 'AppError', code: 'unavailable' });
      await expect(away.isQueued(jobs.definition, { id: 'before' })).rejects.toMatchObject({ name: 'AppError', code: 'unavailable' });
      await expect(away.ping()).rejects.toMatchObject({ name: 'AppError', code: 'unavailable' });
      await proxy.resume();
      await expect.poll(() => away.ping().then(() => 'pong')).toBe('pong');
      await expect.poll(() => away.enqueue(jobs.definition, { id: 'after' }).then(() => 'kept')).toBe('kept');
      expect(await jobs.queue.getJob('job-after')).toBeDefined();
      await away.close();
    });

    test('a producer starts, refuses, and works when Redis comes', async () => {
      await proxy.stop();
      const early = createProducer(proxy.url, log, ANSWER_MS);
      await expect(early.enqueue(jobs.definition, { id: 'early' })).rejects.toMatchObject({ code: 'unavailable' });
      await proxy.resume();
      await expect.poll(() => early.ping().then(() => 'pong')).toBe('pong');
      await expect.poll(() => early.enqueue(jobs.definition, { id: 'later' }).then(() => 'kept')).toBe('kept');
      await early.close();
    });

    test.each(['stop', 'hang'] as const)('(%s) a consumer waits and goes on', async (outage) => {
      const seen: string[] = [];
      jobs.startConsumer(async ({ id }) => void seen.push(id), { redisUrl: proxy.url, timing: QUICK_TIMING });
      await jobs.enqueue({ id: 'before' });
      await expect.poll(() => seen).toEqual(['before']);
      await proxy[outage]();
      await jobs.enqueue({ id: 'during' });
      await proxy.resume();
      await expect.poll(() => seen).toEqual(['before', 'during']);
    });

    test.each(['stop', 'hang'] as const)('(%s) producer and consumer close', async (outage) => {
      const away = createProducer(proxy.url, log, ANSWER_MS);
      await away.enqueue(jobs.definition, { id: 'a' });
      const { promise: taken, resolve: take } = Promise.withResolvers<void>();
      const consumer = jobs.startConsumer(
        async (_, { signal }) => {
          take();
          await once(signal, 'abort');
          throw signal.reason;
        },
        { redisUrl: proxy.url, timing: QUICK_TIMING },
      );
      await taken;
      await proxy[outage]();
      await Promise.all([away.close(), consumer.close(0)]);
    });
  });
});
