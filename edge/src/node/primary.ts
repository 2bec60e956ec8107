import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { type CacheSpace, removeDrafts } from './cache-space.ts';
import { serveSpace } from './cluster-space.ts';

export interface PrimaryOptions {
  readonly processes: number;
  readonly space: CacheSpace;
  /** The cache's. */
  readonly directory: string;
  readonly log: Log;
}

const RESTART_DELAY_MS = 1_000;

/** Keeps so many workers serving one port, and the books of the cache they share. Returns what ends them all, gracefully. */
export async function runPrimary({ processes, space, directory, log }: PrimaryOptions): Promise<() => Promise<void>> {
  let isStopping = false;

  const startWorker = async (): Promise<void> => {
    const worker = cluster.fork();
    const forget = serveSpace(
      { send: (message) => void worker.send(message as object), onMessage: (listener) => worker.on('message', listener) },
      space,
    );
    worker.once('exit', (code, signal) => void replace(worker, forget, { code, signal }));
    await Promise.race([once(worker, 'listening'), once(worker, 'exit').then(() => Promise.reject(new Error('A worker did not start.')))]);
  };

  const replace = async (worker: Worker, forget: () => void, reason: Readonly<Record<string, unknown>>): Promise<void> => {
    forget();
    await removeDrafts(directory, worker.process.pid ?? 0);
    if (isStopping) return;
    log.error('a worker of the edge died', reason);
    await sleep(RESTART_DELAY_MS);
    if (!isStopping) await startWorker().catch(() => undefined);
  };

  await Promise.all(Array.from({ length: processes }, startWorker));
  return async () => {
    isStopping = true;
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    await Promise.all(
      workers.map(async (worker) => {
        const exited = once(worker, 'exit');
        worker.process.kill('SIGTERM');
        await exited;
      }),
    );
  };
}
