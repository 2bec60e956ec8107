import { z } from 'zod';

/** Thrown with every fault of an environment at once, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export type Env = Readonly<Record<string, string | undefined>>;

/** Pure. Empty variables count as unset, so that `FOO= ./mediaflow up` falls back to the default. */
export function parseEnv<T>(schema: z.ZodType<T>, env: Env): T {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || 'environment'}: ${issue.message}`);
  throw new ConfigError(`The configuration is not usable:\n${faults.join('\n')}`);
}

export const portSchema = z.coerce.number().int().min(1).max(65_535);

/** The installation's secret; sessions, principals and upload grants are signed under keys derived from it. */
export const secretSchema = z.string().min(32, 'at least 32 characters; `openssl rand -hex 32` makes one');

const storeFields = {
  STORE: z.enum(['folder', 's3']).default('folder'),
  STORE_DIR: z.string().optional(),
  S3_BUCKET: z.string().optional(),
  S3_ENDPOINT: z.url().optional(),
  S3_REGION: z.string().default('auto'),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_FORCE_PATH_STYLE: z.stringbool().default(true),
};

export type StoreConfig =
  | { readonly kind: 'folder'; readonly directory: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      readonly endpoint?: string;
      readonly region: string;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly forcePathStyle: boolean;
    };

/** Where objects live, from `STORE=folder|s3` and its variables. The same for origin and workers. */
export const storeConfigSchema = z.object(storeFields).transform((env, context): StoreConfig => {
  const need = (name: keyof typeof storeFields): string => {
    const value = env[name];
    if (typeof value === 'string') return value;
    context.addIssue({ code: 'custom', path: [name], message: `needed with STORE=${env.STORE}` });
    return '';
  };
  if (env.STORE === 'folder') return { kind: 'folder', directory: need('STORE_DIR') };
  return {
    kind: 's3',
    bucket: need('S3_BUCKET'),
    ...(env.S3_ENDPOINT !== undefined && { endpoint: env.S3_ENDPOINT }),
    region: env.S3_REGION,
    accessKeyId: need('S3_ACCESS_KEY_ID'),
    secretAccessKey: need('S3_SECRET_ACCESS_KEY'),
    forcePathStyle: env.S3_FORCE_PATH_STYLE,
  };
});
