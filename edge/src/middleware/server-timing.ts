import { createMiddleware } from 'hono/factory';
import type { EdgeEnv } from '../context.ts';
import type { Clock } from '../ports.ts';

/** How long the edge took until the first byte, in ms. Workers' clocks move with I/O only, so it is mostly time spent waiting. */
export const serverTiming = (clock: Clock) =>
  createMiddleware<EdgeEnv>(async (c, next) => {
    const startMs = clock.nowMs();
    await next();
    c.res.headers.append('server-timing', `total;dur=${clock.nowMs() - startMs}`);
  });
