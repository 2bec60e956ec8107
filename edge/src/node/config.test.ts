import type { AppError } from '@mediaflow/shared/errors';
import { expect, it } from 'vitest';
import { parseServerConfig } from './config.ts';

const BASE = { MEDIAFLOW_SECRET: 'x'.repeat(32), ORIGIN_URL: 'http://origin:8781', EDGE_CACHE_DIR: '/cache' };

it('has defaults for all but where things are', () => {
  expect(parseServerConfig(BASE)).toMatchObject({
    secret: 'x'.repeat(32),
    originUrl: 'http://origin:8781',
    uploadOrigin: 'http://origin:8781',
    readers: ['origin'],
    host: '127.0.0.1',
    port: 8780,
    cache: { directory: '/cache', diskBytes: 10_000_000_000, memoryBytes: 256_000_000 },
    proxyHops: 0,
    graceMs: 20_000,
  });
});

it('takes what is set', () => {
  const env = { PORT: '80', HOST: '::', EDGE_PROCESSES: '4', EDGE_CACHE_BYTES: '0', EDGE_WEB_DIR: '/web', EDGE_PROXY_HOPS: '2' };
  expect(parseServerConfig({ ...BASE, ...env, SHUTDOWN_GRACE_SECONDS: '1.5' })).toMatchObject({
    host: '::',
    port: 80,
    processes: 4,
    cache: { diskBytes: 0 },
    webDir: '/web',
    proxyHops: 2,
    graceMs: 1_500,
  });
});

it('names the faults of all variables at once, and no value', () => {
  const env = {
    MEDIAFLOW_SECRET: 'hunter2',
    ORIGIN_URL: 'ftp://o',
    PORT: '0',
    EDGE_CACHE_BYTES: '-1',
    EDGE_PROCESSES: 'all',
    READERS: 'r2',
  };
  try {
    parseServerConfig(env);
    expect.unreachable();
  } catch (error) {
    const { faults } = (error as AppError).details as { faults: readonly string[] };
    for (const name of [...Object.keys(env).filter((each) => each !== 'READERS'), 'EDGE_CACHE_DIR']) {
      expect(faults.filter((fault) => fault.startsWith(`${name}: `))).toHaveLength(1);
    }
    expect(faults.join()).not.toContain('hunter2');
  }
});
