import { AppError } from '@mediaflow/shared/errors';
import type { Client } from '../client.ts';
import type { RateVerdict } from './limiter.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';

/** Throws `rate_limited` for a request that was refused; `headers` get what the client is to know of the limit. */
export function assertAllowed(verdict: RateVerdict, setHeader: (name: string, value: string) => void): void {
  if (verdict.isAllowed) return;
  for (const [name, value] of Object.entries(rateLimitHeaders(verdict))) setHeader(name, value);
  throw tooMany(verdict.resetSeconds ?? 1);
}

export const tooMany = (seconds: number): AppError =>
  new AppError('rate_limited', `Too many requests; try again in ${seconds} s.`, { retryAfterSeconds: seconds });

/** An IPv6 client has a whole /64 to itself. Who is not known shares one name with all who are not. Pure. */
export function clientKey({ ip }: Client): string {
  if (ip === undefined) return 'unknown';
  return ip.includes(':') ? ip.split(':').slice(0, 4).join(':') : ip;
}
