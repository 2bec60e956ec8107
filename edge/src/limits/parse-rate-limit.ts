import { z } from 'zod';
import type { RatePolicy } from './token-bucket.ts';

/** `500/10`: five hundred in ten seconds. `off`: no limit. */
export const rateLimitSchema = z.string().transform((text, context): RatePolicy | undefined => {
  if (text === 'off') return undefined;
  const [, quota, windowSeconds] = /^([1-9]\d{0,6})\/([1-9]\d{0,3})$/.exec(text) ?? [];
  if (quota !== undefined) return { quota: Number(quota), windowSeconds: Number(windowSeconds) };
  context.addIssue('expected requests/seconds, such as 500/10, or off');
  return z.NEVER;
});
