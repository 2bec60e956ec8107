import { mkdir, realpath } from 'node:fs/promises';
import { Redis } from 'ioredis';
import type { LineSink } from '../process/child.ts';
import { type RunningService, type ServicePlan, startService } from './service.ts';

export interface RedisOptions {
  readonly dataDir: string;
  readonly port: number;
  /** Numbered databases; the platform uses one, each test file its own. */
  readonly databases?: number;
  /** Path of `redis-server`; looked up on PATH by default. */
  readonly command?: string;
}

export async function startRedis(options: RedisOptions & { readonly log?: LineSink }): Promise<RunningService> {
  return startService(await planRedis(options), options.log);
}

/** Prepares the data folder. A server killed at any moment starts again from its append-only file, less the last second at most. */
export async function planRedis({ dataDir, port, databases = 64, command = 'redis-server' }: RedisOptions): Promise<ServicePlan> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  return {
    url: redisUrl(port),
    spec: {
      name: 'redis',
      command,
      args: redisArguments(dataDir, port, databases),
      cwd: dataDir,
      stopSignal: 'SIGTERM',
      stopGraceMs: 15_000,
    },
    ping: () => pingRedis(port, dataDir),
  };
}

export const redisUrl = (port: number): string => `redis://127.0.0.1:${port}`;

export function redisArguments(dataDir: string, port: number, databases: number): readonly string[] {
  const settings: Readonly<Record<string, string>> = {
    bind: '127.0.0.1',
    port: String(port),
    dir: dataDir,
    databases: String(databases),
    appendonly: 'yes',
    appendfsync: 'everysec',
    // A torn last entry is what a power cut leaves; everything before it is whole.
    'aof-load-truncated': 'yes',
    // The append-only file is the only copy, so no snapshots besides it.
    save: '',
    // The queue must never lose a job to make room.
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

async function pingRedis(port: number, dataDir: string): Promise<void> {
  const client = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: () => null, connectTimeout: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    // Answers LOADING as an error while the append-only file is read.
    const settings: unknown = await client.config('GET', 'dir');
    const [, directory] = Array.isArray(settings) ? settings : [];
    if (directory !== (await realpath(dataDir))) throw new Error(`another Redis answers on port ${port}: its data is in ${directory}`);
  } finally {
    client.disconnect();
  }
}
