import type { LimitName, RateLimiter, RateLimits } from './limiter.ts';

/** Cloudflare's rate limiting binding. */
export interface RateLimitBinding {
  limit(options: { readonly key: string }): Promise<{ readonly success: boolean }>;
}

export type RateLimitBindings = Readonly<Partial<Record<LimitName, RateLimitBinding>>>;

/**
 * Counts in Cloudflare's own counters, shared by all isolates of a location, for the limits that have a binding; the rest, and a limit
 * that is switched off, is for `otherwise`. A binding says yes or no and nothing of how much is left; its numbers stand in
 * `wrangler.toml` and are those of `limits`.
 */
export function createCloudflareLimiter(bindings: RateLimitBindings, limits: RateLimits, otherwise: RateLimiter): RateLimiter {
  return {
    async take(name, key) {
      const [binding, policy] = [bindings[name], limits[name]];
      if (binding === undefined || policy === undefined) return otherwise.take(name, key);
      const { success } = await binding.limit({ key });
      const applied = { ...policy, name };
      return success ? { isAllowed: true, applied } : { isAllowed: false, applied, remaining: 0, resetSeconds: policy.windowSeconds };
    },
  };
}
