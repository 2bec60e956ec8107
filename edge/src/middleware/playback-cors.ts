import { createMiddleware } from 'hono/factory';
import type { EdgeEnv } from '../context.ts';

/**
 * Any page may play: what protects a video is its token or session, which travel in the URL. No credentials are involved, so the
 * wildcard is safe. The management API has no CORS headers at all: other sites' scripts must not call it.
 */
export const playbackCors = createMiddleware<EdgeEnv>(async (c, next) => {
  if (c.req.method === 'OPTIONS') {
    c.header('access-control-allow-methods', 'GET, HEAD, OPTIONS');
    c.header('access-control-allow-headers', 'Range, If-Range, If-None-Match, X-Request-Id');
    c.header('access-control-max-age', '86400');
    c.header('access-control-allow-origin', '*');
    return c.body(null, 204);
  }
  await next();
  const { headers } = c.res;
  headers.set('access-control-allow-origin', '*');
  headers.set(
    'access-control-expose-headers',
    'Content-Length, Content-Range, ETag, Retry-After, Server-Timing, X-MediaFlow-Cache, X-MediaFlow-Session, X-Request-Id',
  );
  headers.set('cross-origin-resource-policy', 'cross-origin');
  headers.set('timing-allow-origin', '*');
  headers.set('x-content-type-options', 'nosniff');
});
