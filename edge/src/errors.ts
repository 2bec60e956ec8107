import { AppError, type ErrorBody, toErrorBody } from '@mediaflow/shared/errors';
import type { Context } from 'hono';
import { routePath } from 'hono/route';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { CACHE_CONTROL } from './cache.ts';
import type { EdgeEnv } from './context.ts';
import { describeError, type Log } from './log.ts';
import { traceOf } from './middleware/trace.ts';
import { PlaybackRefusal } from './playback/refusal.ts';

/** The one place where an error becomes a response: `{"error":{"type","messages","reason"?}}`, never cached. */
export function respondToError(error: unknown, c: Context<EdgeEnv>, log: Log): Response {
  const status = error instanceof AppError ? error.status : 500;
  if (status >= 500) logFault(error, c, log);
  if (error instanceof AppError && error.retryAfterSeconds !== undefined) c.header('retry-after', String(error.retryAfterSeconds));
  c.header('cache-control', CACHE_CONTROL.absent);
  return c.json(toBody(error), status as ContentfulStatusCode);
}

function toBody(error: unknown): ErrorBody & { readonly error: { readonly reason?: string } } {
  const body = toErrorBody(error);
  return error instanceof PlaybackRefusal ? { error: { ...body.error, reason: error.reason } } : body;
}

function logFault(error: unknown, c: Context<EdgeEnv>, log: Log): void {
  // A segment that is being made is no fault.
  if (error instanceof AppError && error.code === 'segment_pending') return;
  log.error('request failed', {
    requestId: c.get('requestId'),
    traceId: traceOf(c).traceId,
    method: c.req.method,
    route: routePath(c),
    error: describeError(error),
  });
}
