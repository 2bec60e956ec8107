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
const envSchema = z.object({
  MEDIAFLOW_SECRET: z.string().min(32, 'at least 32 characters'),
  ORIGIN_URL: httpUrl,
  UPLOAD_URL: httpUrl.optional(),
});

/** Pure; names every fault at once. */
export function parseEnv(env: Readonly<Record<string, unknown>>): EdgeConfig {
  const parsed = envSchema.safeParse({ ...env, UPLOAD_URL: env.UPLOAD_URL || undefined });
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new AppError('unavailable', 'The edge is not configured.', { details: { faults } });
  }
  const { MEDIAFLOW_SECRET, ORIGIN_URL, UPLOAD_URL } = parsed.data;
  return {
    secret: MEDIAFLOW_SECRET,
    originUrl: ORIGIN_URL.replace(/\/+$/, ''),
    uploadOrigin: new URL(UPLOAD_URL ?? ORIGIN_URL).origin,
  };
}
