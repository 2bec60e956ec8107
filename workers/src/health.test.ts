import { expect, test } from 'vitest';
import { startHealthServer } from './health.ts';

test('one dependency that fails makes the whole not ready, and is named with its reason', async () => {
  const server = await startHealthServer('127.0.0.1', 0, {
    good: () => Promise.resolve(),
    bad: () => Promise.reject(new Error('connection refused')),
  });
  const ready = await fetch(`http://127.0.0.1:${server.port}/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({ good: 'ok', bad: 'connection refused' });
  expect((await fetch(`http://127.0.0.1:${server.port}/health`)).status).toBe(200);
  await server.close();
});
