import { type PlaybackRestriction, playbackRestrictionSchema } from '@mediaflow/shared/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, startTestOrigin, type TestOrigin } from '../testing/test-origin.ts';

const PATH = '/video/v1/playback-restrictions';

let origin: TestOrigin;
let account: Account;
beforeAll(async () => {
  origin = await startTestOrigin({ redisDatabase: 47 });
  account = await origin.createAccount();
});
afterAll(() => origin.close());

const create = (body: object = { referrer: { allowed_domains: ['*.example.com'] } }): Promise<PlaybackRestriction> =>
  account.call('POST', PATH, body);
const send = (method: string, path: string, body: unknown): Promise<Response> =>
  account.fetch(path, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

describe('playback restrictions', () => {
  test('are created with Mux’s defaults, in Mux’s shape', async () => {
    const restriction = await create();
    expect(playbackRestrictionSchema.parse(restriction)).toEqual(restriction);
    expect(restriction).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      created_at: expect.stringMatching(/^\d+$/),
      updated_at: restriction.created_at,
      referrer: { allowed_domains: ['*.example.com'], allow_no_referrer: false },
      user_agent: { allow_no_user_agent: true, allow_high_risk_user_agent: true },
    });
    expect(await account.call('GET', `${PATH}/${restriction.id}`)).toEqual(restriction);
  });

  test('keep domains as browsers spell them', async () => {
    const domains = ['Bücher.example', '**.Example.com.', 'localhost:03000', '*'];
    const { referrer } = await create({ referrer: { allowed_domains: domains, allow_no_referrer: true } });
    expect(referrer.allowed_domains).toEqual(['xn--bcher-kva.example', '**.example.com', 'localhost:3000', '*']);
  });

  test('are replaced one half at a time, each as a whole', async () => {
    const { id, ...restriction } = await create({
      referrer: { allowed_domains: ['a.example'], allow_no_referrer: true },
      user_agent: { allow_no_user_agent: false, allow_high_risk_user_agent: false },
    });
    const referrer = await account.call<PlaybackRestriction>('PUT', `${PATH}/${id}/referrer`, { allowed_domains: [] });
    expect(referrer).toMatchObject({
      referrer: { allowed_domains: [], allow_no_referrer: false },
      user_agent: restriction.user_agent,
      created_at: restriction.created_at,
    });
    const userAgent = await account.call<PlaybackRestriction>('PUT', `${PATH}/${id}/user_agent`, { allow_no_user_agent: true });
    expect(userAgent).toMatchObject({
      referrer: referrer.referrer,
      user_agent: { allow_no_user_agent: true, allow_high_risk_user_agent: true },
    });
    expect(Number(userAgent.updated_at)).toBeGreaterThanOrEqual(Number(restriction.created_at));
    expect(await account.call('GET', `${PATH}/${id}`)).toEqual(userAgent);
  });

  test('are told to the edge, with their account, until they are deleted', async () => {
    const { id, referrer, user_agent } = await create();
    const ask = () => origin.service(`/internal/playback-restrictions/${id}`);
    expect(await (await ask()).json()).toEqual({ id, account_id: account.bootstrap.account_id, referrer, user_agent });
    const remove = () => account.fetch(`${PATH}/${id}`, { method: 'DELETE' });
    expect((await remove()).status).toBe(204);
    expect([(await remove()).status, (await ask()).status, (await account.fetch(`${PATH}/${id}`)).status]).toEqual([404, 404, 404]);
  });

  test('are listed newest first, by account, and end with an empty page', async () => {
    const lister = await origin.createAccount();
    const body = { referrer: { allowed_domains: ['*'] } };
    const made: string[] = [];
    for (let count = 0; count < 3; count += 1) made.unshift((await lister.call<PlaybackRestriction>('POST', PATH, body)).id);
    const pages = await Promise.all([1, 2, 3].map((page) => lister.call<PlaybackRestriction[]>('GET', `${PATH}?limit=2&page=${page}`)));
    expect(pages.map((page) => page.map(({ id }) => id))).toEqual([made.slice(0, 2), made.slice(2), []]);
  });

  test.each([
    ['no referrer', {}],
    ['no domains', { referrer: {} }],
    ['one domain that is not in a list', { referrer: { allowed_domains: 'example.com' } }],
    ['an address', { referrer: { allowed_domains: ['https://example.com'] } }],
    ['a wildcard within', { referrer: { allowed_domains: ['www.*.com'] } }],
    ['eleven domains', { referrer: { allowed_domains: Array.from({ length: 11 }, (_, index) => `${index}.example`) } }],
    ['yes as text', { referrer: { allowed_domains: [], allow_no_referrer: 'true' } }],
    ['a user agent that is text', { referrer: { allowed_domains: [] }, user_agent: 'x' }],
  ])('with %s are refused', async (_, body) => {
    expect((await send('POST', PATH, body)).status).toBe(400);
  });

  test.each([
    ['referrer', {}],
    ['referrer', { allowed_domains: ['a/b'] }],
    ['user_agent', { allow_no_user_agent: null }],
  ])('keep their %s rather than take %j', async (half, body) => {
    const restriction = await create();
    expect((await send('PUT', `${PATH}/${restriction.id}/${half}`, body)).status).toBe(400);
    expect(await account.call('GET', `${PATH}/${restriction.id}`)).toEqual(restriction);
  });
});
