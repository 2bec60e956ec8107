import { expect, it } from 'vitest';
import { requestHeadersForOrigin, responseHeadersForClient } from './forward-headers.ts';

it('gives the origin what the call means and nothing of who made it or how', () => {
  const headers = requestHeadersForOrigin(
    new Headers({
      'content-type': 'application/json',
      'if-match': '"1"',
      'user-agent': 'mux/15',
      authorization: 'Basic x',
      cookie: 'mediaflow_session=x',
      connection: 'close, X-Hop',
      'x-hop': '1',
      te: 'trailers',
      upgrade: 'h2c',
      'transfer-encoding': 'chunked',
      'x-mediaflow-principal': 'forged',
      'x-mediaflow-anything': 'forged',
      'x-forwarded-for': '10.0.0.1',
      forwarded: 'for=10.0.0.1',
      'cf-connecting-ip': '10.0.0.1',
      'x-request-id': 'theirs',
      traceparent: 'theirs',
      tracestate: 'theirs=1',
    }),
    'ours',
    { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isSampled: true },
  );
  expect(Object.fromEntries(headers)).toEqual({
    'content-type': 'application/json',
    'if-match': '"1"',
    'user-agent': 'mux/15',
    'x-request-id': 'ours',
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  });
});

it('drops from an answer what belongs to the connection to the origin', () => {
  const headers = new Headers({ connection: 'keep-alive, x-hop', 'keep-alive': 'timeout=5', 'x-hop': '1', 'content-type': 'text/plain' });
  expect(Object.fromEntries(responseHeadersForClient(headers))).toEqual({
    'cache-control': 'no-store',
    'content-type': 'text/plain',
    'x-content-type-options': 'nosniff',
  });
});
