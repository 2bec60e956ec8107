import { AppError } from '@mediaflow/shared/errors';
import { z } from 'zod';
import type { RateLimits } from './limits/limiter.ts';
import { rateLimitSchema } from './limits/parse-rate-limit.ts';

export const READERS = ['r2', 's3', 'origin'] as const;
/** Where media is read: the bound bucket, an S3 by signed requests, or through the origin, whatever store that has. */
export type ReaderName = (typeof READERS)[number];

export interface S3Config {
  readonly bucket: string;
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly forcePathStyle: boolean;
}

export interface EdgeConfig {
  readonly secret: string;
  /** No slash at the end. */
  readonly originUrl: string;
  /** Scheme, host and port that browsers send upload bytes to. */
  readonly uploadOrigin: string;
  /** In the order they are asked. */
  readonly readers: readonly ReaderName[];
  readonly s3?: S3Config;
  readonly limits: RateLimits;
  /** Other sites whose pages may call the management API. */
  readonly allowedOrigins: readonly string[];
}

/** As an origin stands in the `Origin` header, so that it can be compared as it is. */
const originSchema = z
  .string()
  .refine((text) => URL.canParse(text) && new URL(text).origin === text, 'expected origins such as https://a.example');

const httpUrl = z.url({ protocol: /^https?$/ });

const edgeFields = {
  MEDIAFLOW_SECRET: z.string().min(32, 'at least 32 characters'),
  ORIGIN_URL: httpUrl,
  UPLOAD_URL: httpUrl.optional(),
  READERS: z
    .string()
    .transform((list) => list.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(READERS)).refine((names) => new Set(names).size === names.length, 'each reader once'))
    .optional(),
  /** The binding itself, in a Worker. */
  MEDIA: z.unknown().optional(),
  S3_BUCKET: z.string().optional(),
  S3_ENDPOINT: httpUrl.optional(),
  S3_REGION: z.string().default('auto'),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_FORCE_PATH_STYLE: z.stringbool().default(true),
  // Bursts of a dashboard or an SDK stay far below; the same numbers stand in wrangler.toml for Cloudflare's own counters.
  TOKEN_RATE_LIMIT: rateLimitSchema.prefault('500/10'),
  CLIENT_RATE_LIMIT: rateLimitSchema.prefault('600/60'),
  FAILURE_RATE_LIMIT: rateLimitSchema.prefault('120/60'),
  PLAYBACK_RATE_LIMIT: rateLimitSchema.prefault('off'),
  ALLOWED_ORIGINS: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .pipe(z.array(originSchema))
    .default([]),
};
type Fields = z.infer<z.ZodObject<typeof edgeFields>>;

/** What the edge needs wherever it runs. */
export const edgeConfigSchema = z.object(edgeFields).transform((env, context): EdgeConfig => {
  const s3 = env.S3_BUCKET === undefined ? undefined : readS3(env, env.S3_BUCKET, context);
  const bound: readonly ReaderName[] = [
    ...(env.MEDIA === undefined ? [] : (['r2'] as const)),
    ...(s3 === undefined ? [] : (['s3'] as const)),
  ];
  const refuse = (reader: ReaderName, lacking: string): void => {
    if (env.READERS?.includes(reader) && !bound.includes(reader)) context.addIssue({ code: 'custom', path: ['READERS'], message: lacking });
  };
  refuse('r2', 'r2 needs the bucket to be bound as MEDIA, in a Worker');
  refuse('s3', 's3 needs S3_BUCKET');
  return {
    secret: env.MEDIAFLOW_SECRET,
    originUrl: env.ORIGIN_URL.replace(/\/+$/, ''),
    uploadOrigin: new URL(env.UPLOAD_URL ?? env.ORIGIN_URL).origin,
    readers: env.READERS ?? (bound.length > 0 ? bound : ['origin']),
    ...(s3 !== undefined && { s3 }),
    limits: {
      ...(env.TOKEN_RATE_LIMIT && { token: env.TOKEN_RATE_LIMIT }),
      ...(env.CLIENT_RATE_LIMIT && { client: env.CLIENT_RATE_LIMIT }),
      ...(env.FAILURE_RATE_LIMIT && { failure: env.FAILURE_RATE_LIMIT }),
      ...(env.PLAYBACK_RATE_LIMIT && { playback: env.PLAYBACK_RATE_LIMIT }),
    },
    allowedOrigins: env.ALLOWED_ORIGINS,
  };
});

function readS3(env: Fields, bucket: string, context: z.RefinementCtx): S3Config {
  const need = (name: keyof Fields, value: string | undefined): string => {
    if (value === undefined) context.addIssue({ code: 'custom', path: [name], message: 'needed with S3_BUCKET' });
    return value ?? '';
  };
  return {
    bucket,
    endpoint: env.S3_ENDPOINT ?? (env.S3_REGION === 'auto' ? need('S3_ENDPOINT', undefined) : `https://s3.${env.S3_REGION}.amazonaws.com`),
    region: env.S3_REGION,
    accessKeyId: need('S3_ACCESS_KEY_ID', env.S3_ACCESS_KEY_ID),
    secretAccessKey: need('S3_SECRET_ACCESS_KEY', env.S3_SECRET_ACCESS_KEY),
    forcePathStyle: env.S3_FORCE_PATH_STYLE,
  };
}

export type Env = Readonly<Record<string, unknown>>;

/** A Worker's configuration from its bindings. Pure. */
export const parseEnv = (env: Env): EdgeConfig => parseConfig(edgeConfigSchema, env);

/** Pure; names every fault at once, and no value. Empty variables count as unset. */
export function parseConfig<T>(schema: z.ZodType<T>, env: Env): T {
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new AppError('unavailable', 'The edge is not configured.', { details: { faults } });
}
