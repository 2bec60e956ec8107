import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { consoleLog, describeError } from '../log.ts';
import { openCacheSpace } from './cache-space.ts';
import { connectSpace } from './cluster-space.ts';
import { parseServerConfig } from './config.ts';
import { runPrimary } from './primary.ts';
import { serve } from './serve.ts';

/** The edge without Workers: one process that serves, or one for each core under a primary that keeps the cache's books. */
async function start(): Promise<() => Promise<void>> {
  const config = parseServerConfig(process.env);
  const processes = config.processes ?? availableParallelism();
  const { directory, diskBytes, memoryBytes } = config.cache;
  const surroundings = {
    config,
    memoryBytes: Math.floor(memoryBytes / processes),
    webDir: config.webDir ?? fileURLToPath(new URL('../../../web/dist', import.meta.url)),
    log: consoleLog,
  };
  if (cluster.isWorker) return serve({ ...surroundings, space: connectSpace() });
  const space = await openCacheSpace(directory, diskBytes);
  return processes === 1 ? serve({ ...surroundings, space }) : runPrimary({ processes, space, directory, log: consoleLog });
}

let isStopping = false;
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  const close = await started;
  await close?.();
  process.exit(close === undefined ? 1 : 0);
}

const started = start().catch((error: unknown) => {
  consoleLog.error('the edge cannot start', { error: describeError(error) });
  return undefined;
});
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
// The primary, or the launcher, that started us is gone; nobody else would stop us.
process.once('disconnect', () => void stop());
if ((await started) === undefined) process.exit(1);
