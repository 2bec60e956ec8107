import { expect, test } from 'vitest';
import { parseConfig } from './config.ts';

const ENV = { REDIS_URL: 'redis://127.0.0.1:6379', STORE_DIR: '/data/store' };

test('needs only Redis and a store', () => {
  expect(parseConfig(ENV)).toEqual({
    host: '127.0.0.1',
    port: 8790,
    redisUrl: 'redis://127.0.0.1:6379',
    store: { kind: 'folder', directory: '/data/store' },
    workDir: expect.stringContaining('mediaflow'),
    minFreeScratchBytes: 1_000_000_000,
    shutdownGraceMs: 20_000,
    logLevel: 'info',
  });
});

test('takes what is set', () => {
  expect(
    parseConfig({ ...ENV, PORT: '9001', CONCURRENCY: '3', WORK_DIR: '/scratch', LOG_LEVEL: 'debug', SHUTDOWN_GRACE_SECONDS: '45' }),
  ).toMatchObject({
    port: 9001,
    concurrency: 3,
    workDir: '/scratch',
    shutdownGraceMs: 45_000,
    logLevel: 'debug',
  });
});

test('names every fault at once', () => {
  expect(() => parseConfig({ CONCURRENCY: '0', PORT: 'http' })).toThrow(
    /PORT[\s\S]*REDIS_URL[\s\S]*CONCURRENCY|CONCURRENCY[\s\S]*PORT|REDIS_URL/,
  );
  expect(() => parseConfig({ REDIS_URL: 'http://x', STORE_DIR: '/data' })).toThrow(/REDIS_URL/);
});
