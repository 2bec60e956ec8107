import { join } from 'node:path';
import type { Log } from '@mediaflow/platform/log';
import { type Consumer, consume, createProducer, watchInterest } from '@mediaflow/platform/queue';
import { openStore } from '@mediaflow/platform/storage/open-store';
import { AppError } from '@mediaflow/shared/errors';
import { urgentJob } from '@mediaflow/shared/jobs';
import type { WorkerConfig } from './config.ts';
import { watchConsumers } from './consumer-watch.ts';
import { findEncoders, readBanner } from './ffmpeg/run.ts';
import { judgeVersion } from './ffmpeg/version.ts';
import { startHealthServer } from './health.ts';
import { createReporter, toJobError } from './outcome.ts';
import { createRegistry, type Registration } from './registry.ts';
import { createScratch, isFullDisk, scratchFull } from './scratch.ts';
import { createStaging } from './source/staging.ts';
import { openWorkspace } from './workspace.ts';

/** Of the grace, for ending ffmpeg and handing jobs back. */
const HAND_BACK_MS = 5_000;

export interface RunningWorker {
  /** Where `/health` and `/ready` answer. */
  readonly port: number;
  /** Resolves, to the reason, when only a new process can help. */
  readonly deaf: Promise<string>;
  /** Takes no more jobs, finishes or hands back those running, leaves nothing behind, all within about `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

/** Starts a consumer for every kind of work. */
export async function startWorker(config: WorkerConfig, log: Log): Promise<RunningWorker> {
  const workspace = await openWorkspace(config.workDir, process.pid);
  const scratch = createScratch(workspace.directory, config.minFreeScratchBytes);
  const store = openStore(config.store);
  const { minFreeScratchBytes: minFreeBytes } = config;
  const sources = join(workspace.directory, 'sources');
  const staging = createStaging({ store, directory: sources, freeBytes: scratch.freeBytes, minFreeBytes });
  const producer = createProducer(config.redisUrl, log);
  const report = createReporter(producer, log);
  const stopping = new AbortController();

  /** Idle copies go before work is refused. */
  const hasSpace = async (): Promise<boolean> => {
    try {
      await staging.makeRoom(minFreeBytes);
      await scratch.assertSpace();
      return true;
    } catch (err) {
      log.warn({ err }, 'no work taken');
      return false;
    }
  };

  const start = <Payload>({ definition, concurrency, timing, needsScratch, handle, toFailure }: Registration<Payload>): Consumer =>
    consume(definition, {
      redisUrl: config.redisUrl,
      concurrency,
      log,
      ...(timing !== undefined && { timing }),
      ...(needsScratch && { canWork: hasSpace }),
      handle: async (payload, context) => {
        try {
          const start = performance.now();
          await handle(payload, { ...context, store, staging, workspace, report });
          context.log.debug({ ms: Math.round(performance.now() - start) }, 'job done');
        } catch (error) {
          // What the store says of its own disk is an AppError already.
          throw !(error instanceof AppError) && isFullDisk(error) ? scratchFull(error) : error;
        }
      },
      onFailed: async (payload, error, attempts) => {
        log.error({ err: error, queue: definition.name, attempts }, 'job failed for good');
        if (toFailure !== undefined) await report({ ...toFailure(payload), attempts, error: toJobError(error) }, stopping.signal);
      },
    });

  const interest = watchInterest(urgentJob, config.redisUrl, log);
  const { probe, encode, urgent, text, publish, analyze, measure, poster, purge } = createRegistry({
    units: config.concurrency,
    interest,
  });
  const consumers = new Map<string, Consumer>([
    [probe.definition.name, start(probe)],
    [encode.definition.name, start(encode)],
    [urgent.definition.name, start(urgent)],
    [text.definition.name, start(text)],
    [publish.definition.name, start(publish)],
    [analyze.definition.name, start(analyze)],
    [measure.definition.name, start(measure)],
    [poster.definition.name, start(poster)],
    [purge.definition.name, start(purge)],
  ]);
  const watch = watchConsumers(consumers, producer);
  const versionWarning = warnOfVersion(log);
  const health = await startHealthServer({
    host: config.host,
    port: config.port,
    findFault: watch.findFault,
    checks: {
      redis: () => producer.ping(),
      store: () => store.head('health'),
      ffmpeg: async () => {
        await assertEncoders();
        return await versionWarning;
      },
      scratch: () => scratch.assertSpace(),
    },
  });

  return {
    port: health.port,
    deaf: watch.deaf,
    async stop(graceMs = config.shutdownGraceMs) {
      watch.close();
      await Promise.all([...consumers.values()].map((consumer) => consumer.close(Math.max(0, graceMs - HAND_BACK_MS))));
      stopping.abort(new AppError('worker_lost', 'The worker is stopping.'));
      interest.close();
      await Promise.all([producer.close(), health.close(), staging.close()]);
      await workspace.remove();
    },
  };
}

async function assertEncoders(): Promise<void> {
  const { hasH264, hasAac } = await findEncoders();
  if (!hasH264 || !hasAac) throw new AppError('unavailable', 'ffmpeg lacks libx264 or aac.');
}

/** What is said of ffmpeg's version, in the log and at `/ready`. That it starts at all, and has what is needed, is another check. */
async function warnOfVersion(log: Log): Promise<string | undefined> {
  try {
    const warning = judgeVersion(await readBanner());
    if (warning !== undefined) log.warn(warning);
    return warning;
  } catch (err) {
    log.error({ err }, 'ffmpeg not usable');
    return undefined;
  }
}
