import { type Env, parseEnv, portSchema, type StoreConfig, secretSchema, storeConfigSchema } from '@mediaflow/platform/config';
import { SECOND_CODECS, type SecondCodec } from '@mediaflow/shared/rendition';
import { z } from 'zod';
import { externalRootSchema } from './external/external-root.ts';

export interface OriginConfig {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** The upload host as clients reach it, without a slash at the end. */
  readonly uploadUrl: string;
  readonly maxUploadBytes: number;
  /** Made of every new asset, after H.264. */
  readonly secondCodec?: SecondCodec;
  /** Where an account's files must lie to be registered; `{account_id}` in it is the account's. Ends in a slash. */
  readonly externalRoot: string;
  readonly logLevel: string;
  readonly store: StoreConfig;
}

const DEFAULT_MAX_UPLOAD_BYTES = 50_000_000_000;
/** What one multipart upload of S3 can hold. */
const LARGEST_MAX_UPLOAD_BYTES = 5 * 1024 ** 4;

const originSchema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: portSchema.default(8781),
  MEDIAFLOW_SECRET: secretSchema,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  UPLOAD_URL: z.url({ protocol: /^https?$/ }),
  MAX_UPLOAD_BYTES: z.coerce.number().int().min(1).max(LARGEST_MAX_UPLOAD_BYTES).default(DEFAULT_MAX_UPLOAD_BYTES),
  SECOND_CODEC: z.enum(SECOND_CODECS).optional(),
  EXTERNAL_ROOT: externalRootSchema,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

const configSchema = z
  .intersection(
    originSchema,
    storeConfigSchema.transform((store) => ({ store })),
  )
  .transform(
    (env): OriginConfig => ({
      host: env.HOST,
      port: env.PORT,
      secret: env.MEDIAFLOW_SECRET,
      databaseUrl: env.DATABASE_URL,
      redisUrl: env.REDIS_URL,
      uploadUrl: env.UPLOAD_URL.replace(/\/+$/, ''),
      maxUploadBytes: env.MAX_UPLOAD_BYTES,
      ...(env.SECOND_CODEC !== undefined && { secondCodec: env.SECOND_CODEC }),
      externalRoot: env.EXTERNAL_ROOT,
      logLevel: env.LOG_LEVEL,
      store: env.store,
    }),
  );

/** Pure. @throws ConfigError naming every variable that is missing or wrong. */
export const parseConfig = (env: Env): OriginConfig => parseEnv(configSchema, env);

/** What `migrate.ts` needs. */
export const parseMigrateConfig = (env: Env): { readonly databaseUrl: string } =>
  parseEnv(
    originSchema.pick({ DATABASE_URL: true }).transform((migrate) => ({ databaseUrl: migrate.DATABASE_URL })),
    env,
  );
