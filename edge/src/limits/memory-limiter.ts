import { setBounded } from '../bounded-map.ts';
import type { Clock } from '../ports.ts';
import { type RateLimiter, type RateLimits, UNLIMITED } from './limiter.ts';
import { type Bucket, takeOne } from './token-bucket.ts';

/** Of about 150 bytes each. Whoever is pushed out begins anew with a full quota. */
const MAX_BUCKETS = 20_000;

/** Counts in memory: exact in one process, and by isolate on Cloudflare, where many serve one client. */
export function createMemoryLimiter(limits: RateLimits, clock: Clock, maxBuckets = MAX_BUCKETS): RateLimiter {
  const buckets = new Map<string, Bucket>();
  return {
    async take(name, key) {
      const policy = limits[name];
      if (policy === undefined) return UNLIMITED;
      const id = `${name} ${key}`;
      const { bucket, isAllowed, remaining, waitMs } = takeOne(buckets.get(id), policy, clock.nowMs());
      setBounded(buckets, id, bucket, maxBuckets);
      return { isAllowed, applied: { ...policy, name }, remaining, resetSeconds: Math.ceil(waitMs / 1000) };
    },
  };
}
