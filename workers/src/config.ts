import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Env, parseEnv, portSchema, type StoreConfig, storeConfigSchema } from '@mediaflow/platform/config';
import { z } from 'zod';

export interface WorkerConfig {
  readonly host: string;
  readonly port: number;
  readonly redisUrl: string;
  readonly store: StoreConfig;
  /** Scratch folder; workers of one machine may share it, those of different containers may not. */
  readonly workDir: string;
  /** Background units encoded at once; the number of cores when unset. What a viewer waits for is not counted. */
  readonly concurrency?: number;
  /** With less free in the scratch folder no work is taken. */
  readonly minFreeScratchBytes: number;
  /** From SIGTERM to the end of the process. */
  readonly shutdownGraceMs: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

const workerSchema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: portSchema.default(8790),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  WORK_DIR: z.string().default(join(tmpdir(), 'mediaflow-work')),
  CONCURRENCY: z.coerce.number().int().min(1).max(256).optional(),
  MIN_FREE_SCRATCH_BYTES: z.coerce.number().int().min(0).default(1_000_000_000),
  SHUTDOWN_GRACE_SECONDS: z.coerce.number().int().min(1).max(3600).default(20),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

const configSchema = z
  .intersection(
    workerSchema,
    storeConfigSchema.transform((store) => ({ store })),
  )
  .transform(
    (env): WorkerConfig => ({
      host: env.HOST,
      port: env.PORT,
      redisUrl: env.REDIS_URL,
      store: env.store,
      workDir: env.WORK_DIR,
      ...(env.CONCURRENCY !== undefined && { concurrency: env.CONCURRENCY }),
      minFreeScratchBytes: env.MIN_FREE_SCRATCH_BYTES,
      shutdownGraceMs: env.SHUTDOWN_GRACE_SECONDS * 1000,
      logLevel: env.LOG_LEVEL,
    }),
  );

/** Pure. @throws ConfigError naming every variable that is missing or wrong. */
export const parseConfig = (env: Env): WorkerConfig => parseEnv(configSchema, env);
