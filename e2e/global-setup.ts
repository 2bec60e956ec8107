import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { findFreePort } from '../cli/src/services/free-port.ts';
import { startPostgres } from '../cli/src/services/postgres.ts';
import { startRedis } from '../cli/src/services/redis.ts';
import type { RunningService } from '../cli/src/services/service.ts';
import { ensureS3Server, startS3Server } from './services/s3-server.ts';

/** Starts the services that tests run on, with nothing in them, and stops them at the end. One that does not start fails the run. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'mediaflow-test-'));
  const [postgres, redis, s3] = await Promise.allSettled([
    startOnFreePort((port) => startPostgres({ dataDir: join(folder, 'postgres'), port })),
    startOnFreePort((port) => startRedis({ dataDir: join(folder, 'redis'), port })),
    ensureS3Server().then(() => startOnFreePort((port) => startS3Server({ dataDir: join(folder, 's3'), port }))),
  ]);
  const teardown = async (): Promise<void> => {
    await Promise.all([postgres, redis, s3].map(async (result) => result.status === 'fulfilled' && (await result.value.stop())));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    provide('postgresUrl', started(postgres).url);
    provide('redisUrl', started(redis).url);
    provide('s3', started(s3).access);
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}

function started<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'fulfilled') return result.value;
  throw result.reason;
}

/** Once more on another port: between finding one and listening on it, another run on this machine may have taken it. */
async function startOnFreePort<T extends RunningService>(start: (port: number) => Promise<T>): Promise<T> {
  const port = await findFreePort();
  return await start(port).catch(async () => await start(await findFreePort()));
}
