import { randomHex } from '@mediaflow/shared/ids';
import { parseTraceparent } from '@mediaflow/shared/trace-context';
import { createMiddleware } from 'hono/factory';
import type { OriginEnv } from '../hono-env.ts';

/** The edge's id of the request if it sent a sane one, else a new one. */
export function chooseRequestId(sent: string | readonly string[] | undefined): string {
  return typeof sent === 'string' && /^[\w.-]{1,128}$/.test(sent) ? sent : randomHex(16);
}

/** The trace that the edge goes on with; a new one for a call that came past it. */
export function chooseTraceId(traceparent: string | readonly string[] | undefined): string {
  const parent = typeof traceparent === 'string' ? parseTraceparent(traceparent) : undefined;
  return parent?.traceId ?? randomHex(16);
}

export const requestId = createMiddleware<OriginEnv>(async function requestId(context, next) {
  const id = chooseRequestId(context.req.header('x-request-id'));
  context.set('requestId', id);
  context.header('x-request-id', id);
  context.set('traceId', chooseTraceId(context.req.header('traceparent')));
  await next();
});
