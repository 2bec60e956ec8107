import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CredentialsFile } from '@mediaflow/shared/credentials-file';
import { AppError } from '@mediaflow/shared/errors';
import { readOrCreateSecret } from '../files/private-file.ts';
import { locatePostgresUrl } from '../services/postgres.ts';
import { redisUrl } from '../services/redis.ts';
import type { Env, LaunchSettings } from '../settings.ts';
import { ensureCredentials } from './bootstrap.ts';
import { acquireLock } from './lock.ts';
import { openLogFile } from './log-file.ts';
import { nodeCommand } from './node-command.ts';
import { stopOrphans } from './orphans.ts';
import {
  type Connections,
  edgePart,
  type Layout,
  originPart,
  planLayout,
  postgresPart,
  redisPart,
  sharedEnvironment,
  workerParts,
} from './parts.ts';
import { pingHttp } from './ping.ts';
import { describeTakenPorts, findTakenPorts } from './port-check.ts';
import { listPorts } from './port-plan.ts';
import { runStep } from './run-step.ts';
import { type Part, type Supervised, type SupervisorLog, supervise } from './supervisor.ts';
import { buildWebIfStale } from './web-build.ts';

export interface PlatformListener {
  /** What the platform is doing, for a person. */
  step(text: string): void;
  /** A line of a process's log. */
  line(name: string, text: string): void;
  /** A process ended and is started again, or will not start. */
  notice(name: string, text: string): void;
}

export interface RunningPlatform {
  readonly credentials: CredentialsFile;
  /** Ends everything in order; harmless when repeated. */
  stop(): Promise<void>;
}

/** Nothing takes longer than this on a slow machine; what does has failed. */
const READY_DEADLINE_MS = 120_000;

/**
 * Runs the whole platform as children of this process. Throws, with nothing left running, when a part does not come up, when
 * `signal` aborts, when a port is taken, or (`conflict`) when the data folder is in use.
 */
export async function startPlatform(
  settings: LaunchSettings,
  env: Env,
  listener: PlatformListener,
  signal: AbortSignal,
): Promise<RunningPlatform> {
  await mkdir(settings.dataDir, { recursive: true, mode: 0o700 });
  await chmod(settings.dataDir, 0o700);
  const lock = await acquireLock(settings.dataDir, settings);
  // Stopped from the last to the first.
  const running: Supervised[][] = [];
  const stop = async (): Promise<void> => {
    for (let group = running.pop(); group !== undefined; group = running.pop()) await Promise.all(group.map((part) => part.stop()));
    await lock.release();
  };
  try {
    const startGroup = (parts: readonly Part[]): Promise<void> => {
      const group = parts.map((part) => supervise(part, openLog(settings.dataDir, part.name, listener)));
      running.push(group);
      return allReady(group, signal);
    };
    const credentials = await startInOrder(planLayout(settings, env), listener, startGroup, signal);
    return { credentials, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startInOrder(
  layout: Layout,
  listener: PlatformListener,
  startGroup: (parts: readonly Part[]) => Promise<void>,
  signal: AbortSignal,
): Promise<CredentialsFile> {
  const { dataDir } = layout.settings;
  const orphans = await stopOrphans(dataDir);
  if (orphans > 0) listener.notice('launcher', `stopped ${orphans} processes that a killed launcher had left`);
  const taken = await findTakenPorts(listPorts(layout.ports, layout.external));
  if (taken.length > 0) throw new AppError('conflict', describeTakenPorts(taken));

  listener.step('starting Postgres and Redis');
  const buildLog = openLog(dataDir, 'web-build', listener);
  // Settled below; until then a failure is only remembered.
  const web = buildWebIfStale(buildLog.line, signal);
  web.catch(() => undefined);
  await startGroup([...(layout.external.postgres ? [] : [postgresPart(layout)]), ...(layout.external.redis ? [] : [redisPart(layout)])]);
  const connections = await connect(layout);
  await runStep(
    {
      name: 'migrate',
      ...nodeCommand('origin/src/migrate.ts'),
      env: sharedEnvironment(layout, connections),
      cwd: dataDir,
    },
    openLog(dataDir, 'migrate', listener).line,
    signal,
  );
  await web;
  listener.step('starting origin, workers and edge');
  // Stopped in the order edge, workers, origin: each group leaves before those it calls.
  const starts = [[originPart(layout, connections)], workerParts(layout, connections), [edgePart(layout, connections)]].map(startGroup);
  await Promise.all(starts);
  const credentials = await ensureCredentials({ dataDir, secret: connections.secret, ...layout });
  await pingHttp(`${layout.edgeUrl}/ready`);
  return credentials;
}

async function connect({ settings, ports, env }: Layout): Promise<Connections> {
  const { dataDir } = settings;
  return {
    secret: env.MEDIAFLOW_SECRET || (await readOrCreateSecret(join(dataDir, 'secret'), 32)),
    databaseUrl: env.DATABASE_URL || (await locatePostgresUrl(join(dataDir, 'postgres'), ports.postgres)),
    redisUrl: env.REDIS_URL || redisUrl(ports.redis),
  };
}

async function allReady(group: readonly Supervised[], signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const fail = (): void => aborted.reject(signal.reason);
  const timer = setTimeout(() => aborted.reject(new Error(`not ready within ${READY_DEADLINE_MS / 1000} s`)), READY_DEADLINE_MS);
  signal.addEventListener('abort', fail);
  try {
    signal.throwIfAborted();
    await Promise.race([Promise.all(group.map((part) => part.ready)), aborted.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', fail);
  }
}

function openLog(dataDir: string, name: string, listener: PlatformListener): SupervisorLog {
  const file = openLogFile(join(dataDir, 'logs', `${name}.log`));
  return {
    line(text) {
      file.write(text);
      listener.line(name, text);
    },
    notice(text) {
      file.write(`launcher: ${text}`);
      listener.notice(name, text);
    },
  };
}
