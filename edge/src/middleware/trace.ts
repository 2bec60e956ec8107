import { continueTrace, type TraceContext } from '@mediaflow/shared/trace-context';
import type { Context } from 'hono';
import type { EdgeEnv } from '../context.ts';

/** The request's place in a trace, worked out when somebody first asks: most media requests need none. */
export function traceOf(c: Context<EdgeEnv>): TraceContext {
  const trace = c.get('trace') ?? continueTrace(c.req.header('traceparent'), c.req.header('tracestate'));
  c.set('trace', trace);
  return trace;
}
