import { createMiddleware } from 'hono/factory';
import type { EdgeEnv } from '../context.ts';
import type { Clock } from '../ports.ts';

export const serverTiming = (clock: Clock) =>
  createMiddleware<EdgeEnv>(async (c, next) => {
    const startMs = clock.nowMs();
    await next();
    addServerTiming(c.get('cacheTiming'), c.res.headers, clock.nowMs() - startMs);
  });

/**
 * What the cache and the readers had to say, and how long the edge took until the first byte. Workers' clocks move with I/O only, so it
 * is mostly time spent waiting.
 */
export function addServerTiming(cache: string | undefined, headers: Headers, ms: number): void {
  headers.set('server-timing', `${cache === undefined ? '' : `${cache}, `}total;dur=${ms}`);
}
