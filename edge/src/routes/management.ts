import { Hono } from 'hono';
import type { EdgeEnv } from '../context.ts';
import { requestHeadersForOrigin, responseHeadersForClient } from '../forward-headers.ts';
import { limitBody } from '../limit-body.ts';
import type { Gate } from '../middleware/credentials.ts';
import { allowMethods, KNOWN_METHODS } from '../middleware/method-guard.ts';
import type { Ports } from '../ports.ts';

/**
 * The management API: checked here, answered by the origin, bodies streamed both ways (`…/events` never ends). No CORS headers: other
 * sites' pages have no business with it, and servers do not ask.
 */
export function managementRoutes(ports: Ports, gate: Gate): Hono<EdgeEnv> {
  const routes = new Hono<EdgeEnv>();
  routes.use(allowMethods(...KNOWN_METHODS), gate.requireCaller);
  routes.all('*', async (c) => {
    const headers = requestHeadersForOrigin(c.req.raw.headers, c.get('requestId'));
    const request = new Request(c.req.url, { method: c.req.method, headers, body: await limitBody(c.req.raw) });
    const response = await ports.origin.forward(request, c.get('caller'));
    return new Response(response.body, { status: response.status, headers: responseHeadersForClient(response.headers) });
  });
  return routes;
}
