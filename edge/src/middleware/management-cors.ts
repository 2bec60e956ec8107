import { createMiddleware } from 'hono/factory';
import type { EdgeEnv } from '../context.ts';

const EXPOSED = 'Allow, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id';
const ACCEPTED = 'Authorization, Content-Type, Last-Event-ID, Traceparent, Tracestate, X-Request-Id';

/**
 * The management API is for servers, and for the dashboard that this edge serves: other sites' pages get no CORS headers, but for those
 * that `ALLOWED_ORIGINS` names, letter by letter. They may use the session's cookie, which a browser sends within one site only.
 */
export const managementCors = (allowedOrigins: readonly string[]) =>
  createMiddleware<EdgeEnv>(async (c, next) => {
    const origin = c.req.header('origin') ?? '';
    const isAllowed = allowedOrigins.includes(origin);
    const isPreflight = c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined;
    if (isAllowed && isPreflight) c.res = new Response(null, { status: 204 });
    else await next();
    const { headers } = c.res;
    if (allowedOrigins.length > 0) headers.append('vary', 'Origin');
    if (!isAllowed) return;
    headers.set('access-control-allow-origin', origin);
    headers.set('access-control-allow-credentials', 'true');
    headers.set('access-control-expose-headers', EXPOSED);
    if (!isPreflight) return;
    headers.set('access-control-allow-methods', 'GET, HEAD, POST, PUT, PATCH, DELETE');
    headers.set('access-control-allow-headers', ACCEPTED);
    headers.set('access-control-max-age', '600');
  });
