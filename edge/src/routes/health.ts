import type { Readiness } from '@mediaflow/shared/api';
import { Hono } from 'hono';
import type { EdgeEnv } from '../context.ts';
import type { Ports } from '../ports.ts';

const NOT_CACHED = { 'cache-control': 'no-store' };

/** `/health`: the edge runs. `/ready`: it and what it needs can serve; names the origin's dependencies that cannot. */
export function healthRoutes({ origin }: Ports): Hono<EdgeEnv> {
  const routes = new Hono<EdgeEnv>();
  routes.get('/health', (c) => c.json({ status: 'ok' }, 200, NOT_CACHED));
  routes.get('/ready', async (c) => {
    const faults = await origin.findFaults().catch(() => ['not reachable']);
    const isReady = faults.length === 0;
    const check = isReady ? { ok: true } : { ok: false, error: faults.join(', ') };
    const readiness: Readiness = { status: isReady ? 'ready' : 'unavailable', checks: { origin: check } };
    return c.json(readiness, isReady ? 200 : 503, NOT_CACHED);
  });
  return routes;
}
