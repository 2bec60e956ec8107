import type { Log } from '@mediaflow/platform/log';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { OriginEnv } from '../hono-env.ts';
import { createErrorHandler } from './errors.ts';
import { requestId } from './request-id.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

/** What is logged of a request that fails. */
async function logged(headers: Record<string, string>): Promise<Readonly<Record<string, unknown>> | undefined> {
  const lines: Readonly<Record<string, unknown>>[] = [];
  const log = { error: (fields: Readonly<Record<string, unknown>>) => lines.push(fields) } as unknown as Log;
  const app = new Hono<OriginEnv>().use(requestId).get('/', () => {
    throw new Error('unforeseen');
  });
  app.onError(createErrorHandler(log));
  await app.request('/', { headers });
  return lines[0];
}

test('a fault is logged with the request’s id and trace as the edge sent them', async () => {
  expect(await logged({ 'x-request-id': 'request-1', traceparent: `00-${TRACE}-b7ad6b7169203331-01` })).toMatchObject({
    requestId: 'request-1',
    traceId: TRACE,
  });
});

test.each([{}, { traceparent: 'forged\u00e9', 'x-request-id': 'a b' }])('and with ids of its own for %j', async (headers) => {
  const id = expect.stringMatching(/^[0-9a-f]{32}$/);
  expect(await logged(headers)).toMatchObject({ requestId: id, traceId: id });
});
