import { randomHex } from '@mediaflow/shared/ids';
import { createMiddleware } from 'hono/factory';
import type { EdgeEnv } from '../context.ts';

export const REQUEST_ID_HEADER = 'x-request-id';

/** One id through edge and origin. */
export const requestId = createMiddleware<EdgeEnv>(async (c, next) => {
  const id = chooseRequestId(c.req.header(REQUEST_ID_HEADER));
  c.set('requestId', id);
  await next();
  c.res.headers.set(REQUEST_ID_HEADER, id);
});

/** A client's own is kept when it is harmless in a log. */
export function chooseRequestId(given = ''): string {
  return /^[\w-]{8,64}$/.test(given) ? given : newRequestId();
}

let isolateId: string | undefined;
let count = 0;

/** 16 hex digits of this isolate and 16 that count: it must be one of a kind, and need not be hard to guess. */
function newRequestId(): string {
  // At the first request: a Worker has no randomness before.
  isolateId ??= randomHex(8);
  count += 1;
  return isolateId + count.toString(16).padStart(16, '0');
}
