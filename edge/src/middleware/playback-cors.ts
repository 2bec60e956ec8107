import { createMiddleware } from 'hono/factory';
import type { EdgeEnv } from '../context.ts';

export const PLAYBACK_CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'Content-Length, Content-Range, ETag, Retry-After, Server-Timing, X-MediaFlow-Cache, X-MediaFlow-Session, X-Request-Id',
  'cross-origin-resource-policy': 'cross-origin',
  'timing-allow-origin': '*',
  'x-content-type-options': 'nosniff',
} as const;

/**
 * Any page may play: what protects a video is its token or session, which travel in the URL. No credentials are involved, so the
 * wildcard is safe. For the management API see `management-cors.ts`.
 */
export const playbackCors = createMiddleware<EdgeEnv>(async (c, next) => {
  if (c.req.method === 'OPTIONS') return answerPreflight();
  await next();
  addPlaybackCors(c.res);
});

export const answerPreflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': 'GET, HEAD, OPTIONS',
      'access-control-allow-headers': 'Range, If-Range, If-Match, If-None-Match, Traceparent, Tracestate, X-Request-Id',
      'access-control-max-age': '86400',
      'access-control-allow-origin': '*',
    },
  });

export function addPlaybackCors(response: Response): Response {
  for (const [name, value] of Object.entries(PLAYBACK_CORS)) response.headers.set(name, value);
  return response;
}
