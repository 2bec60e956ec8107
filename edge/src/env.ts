import { AppError } from '@mediaflow/shared/errors';
import { z } from 'zod';

export interface EdgeConfig {
  readonly secret: string;
  /** No slash at the end. */
  readonly originUrl: string;
  /** Scheme, host and port that browsers send upload bytes to. */
  readonly uploadOrigin: string;
}

const httpUrl = z.url({ protocol: /^https?$/ });

/** What the edge needs wherever it runs. */
export const edgeConfigSchema = z
  .object({
    MEDIAFLOW_SECRET: z.string().min(32, 'at least 32 characters'),
    ORIGIN_URL: httpUrl,
    UPLOAD_URL: httpUrl.optional(),
  })
  .transform(
    ({ MEDIAFLOW_SECRET, ORIGIN_URL, UPLOAD_URL }): EdgeConfig => ({
      secret: MEDIAFLOW_SECRET,
      originUrl: ORIGIN_URL.replace(/\/+$/, ''),
      uploadOrigin: new URL(UPLOAD_URL ?? ORIGIN_URL).origin,
    }),
  );

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
