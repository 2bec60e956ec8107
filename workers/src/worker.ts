import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '@mediaflow/platform/log';
import { type Consumer, consume, createProducer } from '@mediaflow/platform/queue';
import { openStore } from '@mediaflow/platform/storage/open-store';
import { AppError } from '@mediaflow/shared/errors';
import type { WorkerConfig } from './config.ts';
import { findEncoders } from './ffmpeg/run.ts';
import type { HandlerContext } from './handler.ts';
import { startHealthServer } from './health.ts';
import { createReporter, toJobError } from './outcome.ts';
import { createRegistry, type Registration } from './registry.ts';
import { createStaging } from './staging.ts';
import { openWorkspace } from './workspace.ts';

/** Time for running jobs to end before they are handed back; an encode of one unit mostly fits. */
const GRACE_MS = 20_000;
const MIN_FREE_BYTES = 1_000_000_000;

export interface RunningWorker {
  /** Where `/health` and `/ready` answer. */
  readonly port: number;
  /** Takes no more jobs, finishes or hands back those running, and leaves nothing behind. */
  stop(graceMs?: number): Promise<void>;
}

/** Starts a consumer for every kind of work. */
export async function startWorker(config: WorkerConfig, log: Log): Promise<RunningWorker> {
  const workspace = await openWorkspace(config.workDir, process.pid);
  const store = openStore(config.store);
  const staging = createStaging({ store, directory: join(workspace.directory, 'sources') });
  const producer = createProducer(config.redisUrl, log);
  const report = createReporter(producer, log);
  const stopping = new AbortController();

  const start = <Payload>({ definition, concurrency, handle, toFailure }: Registration<Payload>): Consumer =>
    consume(definition, {
      redisUrl: config.redisUrl,
      concurrency,
      log,
      handle: async (payload, { signal, log: jobLog }) => {
        const context: HandlerContext = { signal, log: jobLog, store, staging, workspace, report };
        await handle(payload, context);
      },
      onFailed: async (payload, error) => {
        log.error({ err: error, queue: definition.name }, 'job failed for good');
        if (toFailure !== undefined) await report({ ...toFailure(payload), error: toJobError(error) }, stopping.signal);
      },
    });

  const registry = createRegistry(config.concurrency);
  const consumers = [start(registry.probe), start(registry.encode), start(registry.poster), start(registry.purge)];
  const health = await startHealthServer(config.host, config.port, {
    redis: () => producer.ping(),
    store: () => store.head('health'),
    ffmpeg: assertEncoders,
    scratch: () => assertFreeSpace(workspace.directory),
  });

  return {
    port: health.port,
    async stop(graceMs = GRACE_MS) {
      await Promise.all(consumers.map((consumer) => consumer.close(graceMs)));
      stopping.abort(new AppError('worker_lost', 'The worker is stopping.'));
      await Promise.all([producer.close(), health.close(), staging.close()]);
      await workspace.remove();
    },
  };
}

async function assertEncoders(): Promise<void> {
  const { hasH264, hasAac } = await findEncoders();
  if (!hasH264 || !hasAac) throw new AppError('unavailable', 'ffmpeg lacks libx264 or aac.');
}

async function assertFreeSpace(directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize < MIN_FREE_BYTES) throw new AppError('unavailable', 'The scratch folder has less than 1 GB left.');
}
