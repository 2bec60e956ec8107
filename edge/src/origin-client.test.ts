import { deriveHmacKey } from '@mediaflow/shared/signed';
import { expect, it } from 'vitest';
import { createOriginClient } from './origin-client.ts';

const KEY = 'media/00000000000000000000000000000001/1/v240/7.m4s';

async function createClient(fetch: (request: Request) => Promise<Response>) {
  const principalKey = await deriveHmacKey('0'.repeat(32), 'principal');
  return createOriginClient({ originUrl: 'http://origin.test', principalKey, clock: { nowMs: () => 0 }, fetch });
}

/** Holds its answer back until the question is given up. */
const holdBack = ({ signal }: Request): Promise<Response> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });

it('has no outage to tell of when nobody waits for an object any more', async () => {
  const leaving = new AbortController();
  const client = await createClient(holdBack);
  const answer = client.makeObject(KEY, leaving.signal);
  leaving.abort();
  expect(await answer).toEqual({ state: 'pending' });
});

it('tells of an outage to those who wait', async () => {
  const client = await createClient(() => Promise.reject(new TypeError('connection refused')));
  await expect(client.makeObject(KEY, new AbortController().signal)).rejects.toMatchObject({ code: 'unavailable' });
});
