import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFreePort } from './free-port.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import type { RunningService } from './service.ts';

/** Closed to everybody else, like a clone under /root: Postgres's own user cannot walk to its data. */
let closed: string;
const running = new Set<RunningService>();
beforeAll(async () => {
  closed = await mkdtemp(join(tmpdir(), 'mediaflow-services-'));
  await chmod(closed, 0o700);
});
afterAll(async () => {
  await Promise.all([...running].map((service) => service.stop()));
  await rm(closed, { recursive: true, force: true });
});

async function started(service: Promise<RunningService>): Promise<RunningService> {
  running.add(await service);
  return service;
}

async function query(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('Postgres keeps what was committed through kill -9 and a stale pid file', async () => {
  const dataDir = join(closed, 'postgres');
  const first = await started(startPostgres({ dataDir, port: await findFreePort() }));
  await query(first.url, 'create table kept (value int); insert into kept values (42)');
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  // After a restart of a container the recorded pid is often somebody else's: here ours.
  const pidFile = join(dataDir, 'cluster', 'postmaster.pid');
  await writeFile(pidFile, (await readFile(pidFile, 'utf8')).replace(/^\d+/, String(process.pid)));
  const second = await started(startPostgres({ dataDir, port: await findFreePort() }));
  expect(await query(second.url, 'select value from kept')).toEqual([{ value: 42 }]);
  expect(await query(second.url, 'show fsync')).toEqual([{ fsync: 'on' }]);
  await second.stop();
});

test('a Postgres whose launcher was killed is ended before the next one starts', async () => {
  const dataDir = join(closed, 'left');
  const left = await started(startPostgres({ dataDir, port: await findFreePort() }));
  const next = await started(startPostgres({ dataDir, port: await findFreePort() }));
  expect(await left.exited).toMatchObject({ code: 0 });
  expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await next.stop();
});

test('a half-made cluster is made anew', async () => {
  const dataDir = join(closed, 'half');
  await mkdir(join(dataDir, 'cluster.new', 'base'), { recursive: true });
  const service = await started(startPostgres({ dataDir, port: await findFreePort() }));
  expect(await query(service.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await service.stop();
});

test('a wrong password is refused: other users of the machine can reach the port', async () => {
  const service = await started(startPostgres({ dataDir: join(closed, 'half'), port: await findFreePort() }));
  const url = new URL(service.url);
  url.password = 'wrong';
  await expect(query(url.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  await service.stop();
});

test('Redis keeps what was acknowledged and flushed through kill -9, and never makes room by forgetting', async () => {
  const dataDir = join(closed, 'redis');
  const first = await started(startRedis({ dataDir, port: await findFreePort() }));
  const client = new Redis(first.url, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  await client.connect();
  expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
  expect(await client.config('GET', 'databases')).toEqual(['databases', '64']);
  await client.set('kept', '42');
  await client.call('WAITAOF', '1', '0', '0').catch(() => client.bgrewriteaof());
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  client.disconnect();
  const second = await started(startRedis({ dataDir, port: await findFreePort() }));
  const again = new Redis(second.url);
  expect(await again.get('kept')).toBe('42');
  again.disconnect();
  await second.stop();
});

test('a service that cannot start says why', async () => {
  const port = await findFreePort();
  const holder = await started(startRedis({ dataDir: join(closed, 'holder'), port }));
  await expect(startRedis({ dataDir: join(closed, 'second'), port, command: '/no/such/redis' })).rejects.toThrow();
  await expect(startPostgres({ dataDir: join(closed, 'half'), port })).rejects.toThrow(/postgres did not start:[\s\S]*in use/);
  await holder.stop();
});
