import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findSparePort } from './spare-port.ts';

/** A Redis of one test's own, to be killed, emptied and misconfigured: the shared one serves other tests. */
export interface PrivateRedis {
  readonly url: string;
  /** Runs one command, as an operator would. */
  command(name: string, ...args: readonly string[]): Promise<unknown>;
  /** As by a power cut. */
  kill(): Promise<void>;
  /** On the same port and the same data. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startPrivateRedis(settings: Readonly<Record<string, string>> = {}): Promise<PrivateRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'mediaflow-redis-'));
  const port = await findSparePort();
  const url = `redis://127.0.0.1:${port}`;
  const all = { port: String(port), bind: '127.0.0.1', dir, appendonly: 'yes', appendfsync: 'always', save: '', ...settings };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  let server: ChildProcess | undefined;

  const command = async (name: string, ...rest: readonly string[]): Promise<unknown> => {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.call(name, ...rest);
    } finally {
      client.disconnect();
    }
  };
  const start = async (): Promise<void> => {
    server = spawn('redis-server', args, { stdio: 'ignore' });
    const isUp = (): Promise<boolean> =>
      command('PING').then(
        () => true,
        () => false,
      );
    while (!(await isUp())) {
      if (server.exitCode !== null) throw new Error('redis-server did not start.');
      await delay(20);
    }
  };
  const kill = async (): Promise<void> => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  };
  await start();
  return {
    url,
    command,
    kill,
    start,
    async close() {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
