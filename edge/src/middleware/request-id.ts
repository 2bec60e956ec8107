import { randomHex } from '@mediaflow/shared/ids';
import { createMiddleware } from 'hono/factory';
import type { EdgeEnv } from '../context.ts';

export const REQUEST_ID_HEADER = 'x-request-id';

/** One id through edge and origin; a client's own is kept when it is harmless in a log. */
export const requestId = createMiddleware<EdgeEnv>(async (c, next) => {
  const given = c.req.header(REQUEST_ID_HEADER) ?? '';
  const id = /^[\w-]{8,64}$/.test(given) ? given : randomHex(16);
  c.set('requestId', id);
  await next();
  c.res.headers.set(REQUEST_ID_HEADER, id);
});
