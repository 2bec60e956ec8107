import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { JobDefinition } from '@mediaflow/shared/jobs';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { createLog } from '../log.ts';
import { type ConsumeOptions, type Consumer, consume, createProducer, type JobHandler, type Producer } from '../queue.ts';
import { type RedisProxy, startRedisProxy } from '../testing/redis-proxy.ts';

const REDIS_URL = `${inject('redisUrl')}/20`;
/** Long for Redis on the same machine, short for the tests that wait in vain. */
const ANSWER_MS = 1_000;
const TIMING = { lockMs: 500, stalledCheckMs: 100, silenceMs: 12_000, closeMs: 1_000, restMs: 50 };
const log = createLog('queue-test', 'fatal');

interface Payload {
  readonly id: string;
  readonly priority?: number | undefined;
}

describe('the queue without its Redis', () => {
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

  describe('while Redis is away', () => {
    let proxy: RedisProxy;
    beforeEach(async () => {
      proxy = await startRedisProxy(REDIS_URL);
    });
    afterEach(() => proxy.close());

    test.each(['stop', 'hang'] as const)('(%s) enqueue and ping end as unavailable, and work again when it is back', async (outage) => {
      const away = createProducer(proxy.url, log, ANSWER_MS);
      await away.enqueue(definition, { id: 'before' });
      await proxy[outage]();
      await expect(away.enqueue(definition, { id: 'during' })).rejects.toMatchObject({ name: 'AppError', code: 'unavailable' });
      await expect(away.isQueued(definition, { id: 'before' })).rejects.toMatchObject({ name: 'AppError', code: 'unavailable' });
      await expect(away.ping()).rejects.toMatchObject({ name: 'AppError', code: 'unavailable' });
      await proxy.resume();
      await expect.poll(() => away.ping().then(() => 'pong'), { timeout: 20_000 }).toBe('pong');
      await away.enqueue(definition, { id: 'after' });
      expect(await queue.getJob('job-after')).toBeDefined();
      await away.close();
    });

    test('a producer starts, refuses, and works when Redis comes', async () => {
      await proxy.stop();
      const early = createProducer(proxy.url, log, ANSWER_MS);
      await expect(early.enqueue(definition, { id: 'early' })).rejects.toMatchObject({ code: 'unavailable' });
      await proxy.resume();
      await expect.poll(() => early.ping().then(() => 'pong'), { timeout: 20_000 }).toBe('pong');
      await early.enqueue(definition, { id: 'later' });
      await early.close();
    });

    test.each(['stop', 'hang'] as const)('(%s) a consumer waits and goes on', async (outage) => {
      const seen: string[] = [];
      startConsumer(async ({ id }) => void seen.push(id), { redisUrl: proxy.url, timing: TIMING });
      await producer.enqueue(definition, { id: 'before' });
      await expect.poll(() => seen).toEqual(['before']);
      await proxy[outage]();
      await producer.enqueue(definition, { id: 'during' });
      await proxy.resume();
      await expect.poll(() => seen, { timeout: 30_000 }).toEqual(['before', 'during']);
    });

    test.each(['stop', 'hang'] as const)('(%s) producer and consumer close', async (outage) => {
      const away = createProducer(proxy.url, log, ANSWER_MS);
      await away.enqueue(definition, { id: 'a' });
      const { promise: taken, resolve: take } = Promise.withResolvers<void>();
      const consumer = startConsumer(
        async (_, { signal }) => {
          take();
          await once(signal, 'abort');
          throw signal.reason;
        },
        { redisUrl: proxy.url, timing: TIMING },
      );
      await taken;
      await proxy[outage]();
      await Promise.all([away.close(), consumer.close(0)]);
    });
  });
});
