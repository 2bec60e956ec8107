import { stringifyTraceparent, type TraceContext } from '@mediaflow/shared/trace-context';
import { REQUEST_ID_HEADER } from './middleware/request-id.ts';

/** Of one connection, not of the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
/** Credentials end at the edge; the rest is for the edge alone to say. */
const NOT_FORWARDED = ['authorization', 'cookie', 'host', 'forwarded', 'x-real-ip', 'expect', 'accept-encoding'];
const NOT_FORWARDED_PREFIXES = ['x-mediaflow-', 'x-forwarded-', 'cf-', 'sec-'];

/** The client's headers as the origin may see them; the principal is added when the call is signed. */
export function requestHeadersForOrigin(headers: Headers, requestId: string, trace: TraceContext): Headers {
  const forwarded = withoutHopByHop(headers);
  for (const name of [...forwarded.keys()]) {
    if (NOT_FORWARDED.includes(name) || NOT_FORWARDED_PREFIXES.some((prefix) => name.startsWith(prefix))) forwarded.delete(name);
  }
  forwarded.set(REQUEST_ID_HEADER, requestId);
  forwarded.set('traceparent', stringifyTraceparent(trace));
  if (trace.state === undefined) forwarded.delete('tracestate');
  else forwarded.set('tracestate', trace.state);
  return forwarded;
}

/** The origin's headers as the client may see them. */
export function responseHeadersForClient(headers: Headers): Headers {
  const kept = withoutHopByHop(headers);
  // An account's data must not stay in a cache because the origin forgot to say so.
  if (!kept.has('cache-control')) kept.set('cache-control', 'no-store');
  kept.set('x-content-type-options', 'nosniff');
  return kept;
}

function withoutHopByHop(headers: Headers): Headers {
  const kept = new Headers(headers);
  const named = (headers.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase());
  for (const name of [...HOP_BY_HOP, ...named.filter((name) => /^[\w-]+$/.test(name))]) kept.delete(name);
  return kept;
}
