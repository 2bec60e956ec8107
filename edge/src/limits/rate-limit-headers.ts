import type { RateVerdict } from './limiter.ts';

/** `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11), as far as the numbers are known. Pure. */
export function rateLimitHeaders({ applied, remaining, resetSeconds }: RateVerdict): Readonly<Record<string, string>> {
  if (applied === undefined) return {};
  const { name, quota, windowSeconds } = applied;
  return {
    'ratelimit-policy': `"${name}";q=${quota};w=${windowSeconds}`,
    ...(remaining !== undefined && { ratelimit: `"${name}";r=${remaining};t=${resetSeconds ?? windowSeconds}` }),
  };
}
