import { createMiddleware } from 'hono/factory';
import type { EdgeEnv } from '../context.ts';
import type { Clock } from '../ports.ts';

export const serverTiming = (clock: Clock) =>
  createMiddleware<EdgeEnv>(async (c, next) => {
    const startMs = clock.nowMs();
    await next();
    addTotalTiming(c.res.headers, clock.nowMs() - startMs);
  });

/** How long the edge took until the first byte. Workers' clocks move with I/O only, so it is mostly time spent waiting. */
export const addTotalTiming = (headers: Headers, ms: number): void => headers.append('server-timing', `total;dur=${ms}`);
