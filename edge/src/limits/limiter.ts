import type { RatePolicy } from './token-bucket.ts';

/**
 * What is limited, and by what it is told apart:
 * `token`: management calls, by API token. `client`: those without a valid credential, by address. `failure`: wrong secrets, by address.
 * `playback`: manifests and pictures, by address.
 */
export const LIMIT_NAMES = ['token', 'client', 'failure', 'playback'] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];

/** A limit that is left out is none. */
export type RateLimits = Readonly<Partial<Record<LimitName, RatePolicy>>>;

export interface RateVerdict {
  readonly isAllowed: boolean;
  /** The limit that was applied; absent when there is none of this name. */
  readonly applied?: RatePolicy & { readonly name: LimitName };
  /** Where the driver knows it. */
  readonly remaining?: number;
  /** Seconds until the quota is whole again; of a refused request, until the next may come. */
  readonly resetSeconds?: number;
}

/** Counts requests. `memory-limiter.ts` counts in this isolate or process, `cloudflare-limiter.ts` in a whole Cloudflare location. */
export interface RateLimiter {
  take(name: LimitName, key: string): Promise<RateVerdict>;
}

export const UNLIMITED: RateVerdict = { isAllowed: true };
