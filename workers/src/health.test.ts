import { expect, test } from 'vitest';
import { startHealthServer } from './health.ts';

test('one dependency that fails makes the whole not ready, and is named with its reason', async () => {
  const server = await startHealthServer({
    host: '127.0.0.1',
    port: 0,
    findFault: () => undefined,
    checks: {
      good: () => Promise.resolve(),
      old: () => Promise.resolve('works, but is old'),
      bad: () => Promise.reject(new Error('connection refused')),
    },
  });
  const ready = await fetch(`http://127.0.0.1:${server.port}/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({ good: 'ok', old: 'works, but is old', bad: 'connection refused' });
  expect((await fetch(`http://127.0.0.1:${server.port}/health`)).status).toBe(200);
  await server.close();
});

test('a process that only a new one can help says so, and is ready all the same', async () => {
  let fault: string | undefined;
  const server = await startHealthServer({ host: '127.0.0.1', port: 0, checks: { old: async () => 'old' }, findFault: () => fault });
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${server.port}${path}`)).status;
  expect(await Promise.all([ask('/health'), ask('/ready')])).toEqual([200, 200]);
  fault = 'The queue is not served.';
  expect(await Promise.all([ask('/health'), ask('/ready')])).toEqual([503, 200]);
  await server.close();
});
