import { AppError } from '@mediaflow/shared/errors';
import { Hono } from 'hono';
import type { EdgeEnv } from '../context.ts';
import { requestHeadersForOrigin, responseHeadersForClient } from '../forward-headers.ts';
import { limitBody } from '../limit-body.ts';
import type { Gate } from '../middleware/credentials.ts';
import { allowMethods, KNOWN_METHODS } from '../middleware/method-guard.ts';
import { traceOf } from '../middleware/trace.ts';
import type { Ports } from '../ports.ts';
import { findRepeatedKey } from '../repeated-key.ts';

/**
 * The management API: checked here, answered by the origin. Answers are streamed: `…/events` never ends.
 */
export function managementRoutes(ports: Ports, gate: Gate): Hono<EdgeEnv> {
  const routes = new Hono<EdgeEnv>();
  routes.use(allowMethods(...KNOWN_METHODS), gate.requireCaller);
  routes.all('*', async (c) => {
    const repeated = findRepeatedKey(new URL(c.req.url).searchParams);
    if (repeated !== undefined) throw new AppError('invalid_parameters', `${repeated}: stands twice in the query.`);
    const headers = requestHeadersForOrigin(c.req.raw.headers, c.get('requestId'), traceOf(c));
    const request = new Request(c.req.url, { method: c.req.method, headers, body: await limitBody(c.req.raw) });
    const response = await ports.origin.forward(request, c.get('caller'));
    return new Response(response.body, { status: response.status, headers: responseHeadersForClient(response.headers) });
  });
  return routes;
}
