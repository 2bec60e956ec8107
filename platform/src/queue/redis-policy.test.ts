import type { JobDefinition } from '@mediaflow/shared/jobs';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createLog } from '../log.ts';
import { createProducer, type Producer } from '../queue.ts';
import { type PrivateRedis, startPrivateRedis } from '../testing/private-redis.ts';

const log = createLog('redis-test', 'silent');
const definition: JobDefinition<{ readonly id: string; readonly text: string }> = {
  name: 'full',
  payload: z.object({ id: z.string(), text: z.string() }),
  key: ({ id }) => `job-${id}`,
  retry: { attempts: 1, backoffMs: 1 },
};

let redis: PrivateRedis | undefined;
let producer: Producer | undefined;
afterEach(async () => {
  await producer?.close();
  await redis?.close();
});

async function open(settings: Readonly<Record<string, string>>): Promise<{ readonly redis: PrivateRedis; readonly producer: Producer }> {
  redis = await startPrivateRedis(settings);
  producer = createProducer(redis.url, log);
  const connected = producer;
  // Whatever it says of the policy: it has been reached.
  await expect.poll(() => connected.ping().catch((error: Error) => error.message)).not.toBe('Redis does not answer.');
  return { redis, producer };
}

test.each(['allkeys-lru', 'volatile-ttl'])(
  'a Redis that drops jobs (%s) is not ready, with the reason, until it is set right',
  async (policy) => {
    const { redis, producer } = await open({ 'maxmemory-policy': policy });
    await expect(producer.ping()).rejects.toMatchObject({
      code: 'unavailable',
      message: `Redis drops jobs when its memory is full: set maxmemory-policy noeviction (it is ${policy}).`,
    });
    await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await producer.ping();
  },
);

test('a Redis without memory refuses as unavailable, loses nothing, and goes on when it has room', async () => {
  const { redis, producer } = await open({ maxmemory: '3mb' });
  const text = 'x'.repeat(20_000);
  let taken = 0;
  const fill = async (): Promise<void> => {
    for (;;) {
      await producer.enqueue(definition, { id: String(taken), text });
      taken += 1;
    }
  };
  await expect(fill()).rejects.toMatchObject({ code: 'unavailable', message: 'Redis has no memory left (maxmemory).' });
  expect(await producer.countJobs(definition)).toEqual({ waiting: taken, delayed: 0, active: 0 });
  await redis.command('CONFIG', 'SET', 'maxmemory', '100mb');
  await producer.enqueue(definition, { id: String(taken), text });
  expect(await producer.countJobs(definition)).toEqual({ waiting: taken + 1, delayed: 0, active: 0 });
});
