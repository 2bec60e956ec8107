import { join } from 'node:path';
import { planPostgres } from '../services/postgres.ts';
import { planRedis } from '../services/redis.ts';
import type { Env, LaunchSettings } from '../settings.ts';
import { planEdge } from './edge.ts';
import { nodeChildCommand } from './node-command.ts';
import { OWNER_VARIABLE } from './orphans.ts';
import { pingHttp } from './ping.ts';
import { type PortPlan, planPorts } from './port-plan.ts';
import type { Part } from './supervisor.ts';

/** Where everything of one platform is. */
export interface Layout {
  readonly settings: LaunchSettings;
  readonly ports: PortPlan;
  readonly originUrl: string;
  readonly edgeUrl: string;
  /** The upload host as clients reach it. */
  readonly uploadUrl: string;
  /** The environment the command was called in. */
  readonly env: Env;
  readonly external: { readonly postgres: boolean; readonly redis: boolean };
}

export function planLayout(settings: LaunchSettings, env: Env): Layout {
  const ports = planPorts(settings.portBase, settings.workers);
  const originUrl = `http://127.0.0.1:${ports.origin}`;
  return {
    settings,
    ports,
    originUrl,
    edgeUrl: `http://127.0.0.1:${ports.edge}`,
    uploadUrl: env.UPLOAD_URL || originUrl,
    env,
    external: { postgres: Boolean(env.DATABASE_URL), redis: Boolean(env.REDIS_URL) },
  };
}

/** What our processes need to know beside the environment of the command; docs/architecture.md, Variables. */
export interface Connections {
  readonly secret: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

const ORIGIN_GRACE_MS = 15_000;
const DEFAULT_WORKER_GRACE_SECONDS = 20;
/** On top of the worker's own time for units under way: to hand back what is left, and to say goodbye to Redis. */
const WORKER_EXIT_MS = 10_000;

export function sharedEnvironment(layout: Layout, { databaseUrl, redisUrl, secret }: Connections): Env {
  const { settings, env } = layout;
  return {
    ...env,
    NODE_ENV: 'production',
    MEDIAFLOW_SECRET: secret,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    STORE: env.STORE || 'folder',
    STORE_DIR: env.STORE_DIR || join(settings.dataDir, 'objects'),
    [OWNER_VARIABLE]: settings.dataDir,
  };
}

export function postgresPart({ settings, ports, env }: Layout): Part {
  return {
    name: 'postgres',
    plan: async () => owned(await planPostgres({ dataDir: join(settings.dataDir, 'postgres'), port: ports.postgres }), settings, env),
  };
}

export function redisPart({ settings, ports, env }: Layout): Part {
  return {
    name: 'redis',
    plan: async () => owned(await planRedis({ dataDir: join(settings.dataDir, 'redis'), port: ports.redis }), settings, env),
  };
}

export function originPart(layout: Layout, connections: Connections): Part {
  const { settings, ports, originUrl, uploadUrl } = layout;
  return {
    name: 'origin',
    plan: async () => ({
      spec: {
        name: 'origin',
        ...nodeChildCommand('origin/src/main.ts'),
        env: { ...sharedEnvironment(layout, connections), HOST: '127.0.0.1', PORT: String(ports.origin), UPLOAD_URL: uploadUrl },
        cwd: settings.dataDir,
        stopSignal: 'SIGTERM',
        stopGraceMs: ORIGIN_GRACE_MS,
      },
      ping: () => pingHttp(`${originUrl}/ready`),
    }),
  };
}

export function workerParts(layout: Layout, connections: Connections): readonly Part[] {
  const { settings, ports, env } = layout;
  const stopGraceMs = Number(env.SHUTDOWN_GRACE_SECONDS || DEFAULT_WORKER_GRACE_SECONDS) * 1000 + WORKER_EXIT_MS;
  return ports.workers.map((port, index) => ({
    name: `worker-${index + 1}`,
    plan: async () => ({
      spec: {
        name: `worker-${index + 1}`,
        ...nodeChildCommand('workers/src/main.ts'),
        env: {
          ...sharedEnvironment(layout, connections),
          HOST: '127.0.0.1',
          PORT: String(port),
          WORK_DIR: join(settings.dataDir, 'work', String(index + 1)),
        },
        cwd: settings.dataDir,
        stopSignal: 'SIGTERM',
        stopGraceMs,
      },
      ping: () => pingHttp(`http://127.0.0.1:${port}/ready`),
    }),
  }));
}

/** wrangler outlives its workerd and then keeps every request waiting; a reload after a change of the sources takes less than a second. */
const EDGE_PATIENCE = { busyMs: 15_000, brokenMs: 1_500 };

export function edgePart(layout: Layout, { secret }: Connections): Part {
  return {
    name: 'edge',
    patience: EDGE_PATIENCE,
    plan: async () => {
      const { spec, ping } = await planEdge({
        dataDir: join(layout.settings.dataDir, 'edge'),
        port: layout.ports.edge,
        inspectorPort: layout.ports.inspector,
        variables: { MEDIAFLOW_SECRET: secret, ORIGIN_URL: layout.originUrl, UPLOAD_URL: layout.uploadUrl },
        env: layout.env,
      });
      return owned({ spec, ping }, layout.settings, layout.env);
    },
  };
}

type Plan = Awaited<ReturnType<Part['plan']>>;

function owned(plan: Plan, { dataDir }: LaunchSettings, env: Env): Plan {
  return { ...plan, spec: { ...plan.spec, env: { ...(plan.spec.env ?? env), [OWNER_VARIABLE]: dataDir } } };
}
