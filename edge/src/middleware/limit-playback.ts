import { createMiddleware } from 'hono/factory';
import type { EdgeEnv } from '../context.ts';
import { assertAllowed, clientKey } from '../limits/charge.ts';
import type { Ports } from '../ports.ts';

/**
 * For what asks the origin about ids of the client's choosing: manifests and pictures. Media asks nobody and is not limited. There is no
 * limit unless one is set: thousands of viewers may share one address.
 */
export const limitPlayback = ({ limiter, clientOf }: Ports) =>
  createMiddleware<EdgeEnv>(async (c, next) => {
    assertAllowed(await limiter.take('playback', clientKey(clientOf(c.req.raw))), (name, value) => c.header(name, value));
    await next();
  });
