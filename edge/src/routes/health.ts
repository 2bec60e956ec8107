import type { Readiness } from '@mediaflow/shared/api';
import { Hono } from 'hono';
import type { EdgeEnv } from '../context.ts';
import type { Ports } from '../ports.ts';

/** `/health`: the edge runs. `/ready`: it and what it needs can serve; names the origin's dependencies that cannot. */
export function healthRoutes({ origin }: Ports): Hono<EdgeEnv> {
  const routes = new Hono<EdgeEnv>();
  routes.use(async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
  });
  routes.get('/health', (c) => c.json({ status: 'ok' }));
  routes.get('/ready', async (c) => {
    const faults = await origin.findFaults().catch(() => ['not reachable']);
    const isReady = faults.length === 0;
    const check = isReady ? { ok: true } : { ok: false, error: faults.join(', ') };
    const readiness: Readiness = { status: isReady ? 'ready' : 'unavailable', checks: { origin: check } };
    return c.json(readiness, isReady ? 200 : 503);
  });
  return routes;
}
