import { createHash } from 'node:crypto';
import { request } from 'node:http';
import {
  type ApiToken,
  type Asset,
  apiTokenSchema,
  assetSchema,
  type SigningKey,
  signingKeySchema,
  type Upload,
  uploadSchema,
  whoamiSchema,
} from '@mediaflow/shared/api';
import { randomHex } from '@mediaflow/shared/ids';
import { credentialAnswerSchema } from '@mediaflow/shared/internal';
import { MANAGEMENT_ROUTES } from '@mediaflow/shared/testing/management-routes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from './app.ts';
import { deleteExpiredUserSessions, isUserSessionEnded } from './db/user-sessions.ts';
import type { Dependencies } from './dependencies.ts';
import { type Account, principalHeader, startTestOrigin, type TestOrigin } from './testing/test-origin.ts';
import { createAsset, createUpload } from './testing/upload.ts';

let origin: TestOrigin;
let account: Account;
let stranger: Account;

beforeAll(async () => {
  origin = await startTestOrigin({ redisDatabase: 2 });
  [account, stranger] = await Promise.all([origin.createAccount(), origin.createAccount()]);
});
afterAll(() => origin.close());

const postJson = (path: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  account.fetch(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

/** Every route there is; reading the table needs none of what the routes work with. */
const routes = createApp({} as Dependencies)
  .routes.filter(({ method }) => method !== 'ALL')
  .map(({ method, path }) => ({ method, path }));

describe('who may ask', () => {
  const managed = routes.filter(({ path }) => path.startsWith('/video/') || path.startsWith('/system/'));
  const internal = routes.filter(({ path }) => path.startsWith('/internal/'));
  const concrete = (path: string, ids: Record<string, string>): string =>
    path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? randomHex(16)).replace('*', 'x');

  test('the routes are those of the table that the edge’s scopes are tested with', () => {
    const ofTable = Object.entries(MANAGEMENT_ROUTES).filter(([, { answeredBy }]) => answeredBy === 'origin');
    expect(managed.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(ofTable.map(([route]) => route).sort());
    expect(internal.length).toBeGreaterThan(5);
  });

  test.each([...managed, ...internal])('$method $path: 401 without a good principal', async ({ method, path }) => {
    const isInternal = path.startsWith('/internal/');
    const { account_id: accountId, token_id: tokenId } = account.bootstrap;
    const wrongKind = isInternal
      ? await principalHeader({ kind: 'token', accountId, tokenId })
      : await principalHeader({ kind: 'service', name: 'edge' });
    const principal = { kind: 'token', accountId, tokenId } as const;
    const service = { kind: 'service', name: 'edge' } as const;
    const right = isInternal ? service : principal;
    const expired = await principalHeader(right, Date.now() / 1000 - 120);
    const forged = await principalHeader(right, Date.now() / 1000, 'another secret, also long enough to be one');
    for (const headers of [{}, wrongKind, expired, forged, { 'x-mediaflow-principal': 'x' }]) {
      const response = await fetch(origin.url + concrete(path, {}), { method, headers });
      expect(response.status).toBe(401);
    }
  });

  describe('never another account', () => {
    let ids: Record<string, string>;
    const named = managed.filter(({ path }) => path.includes(':'));

    beforeAll(async () => {
      const asset = await createAsset(account);
      const [playbackId] = asset.playback_ids ?? [];
      ids = { id: asset.id, pid: playbackId?.id ?? '' };
    });

    test.each(named)('$method $path: 404', async ({ method, path }) => {
      const own = await ownObject(path, ids);
      const target = concrete(path, own);
      const init = { method, ...(method !== 'GET' && { body: '{}' }) };
      const foreign = await stranger.fetch(target, init);
      const missing = await stranger.fetch(concrete(path, {}), init);
      expect(foreign.status).toBe(404);
      expect(await foreign.text()).toBe(await missing.text());
      expect(headersOf(foreign)).toEqual(headersOf(missing));
      // The owner's own look shows that the object was there to be found.
      if (method === 'GET' && !path.endsWith('/events')) expect((await account.fetch(target)).status).toBe(200);
    });

    /** All but what is of the single answer. */
    const headersOf = ({ headers }: Response) => [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date');

    /** The asset serves most routes; the others need an object of their own kind. */
    async function ownObject(path: string, assetIds: Record<string, string>): Promise<Record<string, string>> {
      if (path.includes('/uploads/')) return { id: (await createUpload(account)).id };
      if (path.includes('/signing-keys/'))
        return { id: (await account.call<SigningKey>('POST', '/system/v1/signing-keys', { algorithm: 'EdDSA' })).id };
      if (path.includes('/revocations/')) {
        const object = { type: 'asset', id: (await createAsset(account)).id };
        return { id: (await account.call<{ id: string }>('POST', '/system/v1/revocations', { object })).id };
      }
      if (path.includes('/playback-restrictions/')) {
        const restriction = { referrer: { allowed_domains: ['*'] } };
        return { id: (await account.call<{ id: string }>('POST', '/video/v1/playback-restrictions', restriction)).id };
      }
      if (path.includes('/api-tokens/')) return { id: (await account.call<{ id: string }>('POST', '/system/v1/api-tokens')).id };
      return assetIds;
    }
  });
});

describe('requests', () => {
  test('carry their id through', async () => {
    const sent = await account.fetch('/system/v1/whoami', { headers: { 'x-request-id': 'abc-1' } });
    expect(sent.headers.get('x-request-id')).toBe('abc-1');
    const hostile = await account.fetch('/system/v1/whoami', { headers: { 'x-request-id': 'a b\tc' } });
    expect(hostile.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
    expect((await fetch(`${origin.url}/nowhere`)).headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each([
    ['malformed JSON', '{', 'The body is not valid JSON.'],
    ['no object', '[]', /expected object/],
    ['a wrong type', '{"timeout":"soon"}', /^timeout: /],
    ['a value out of bounds', '{"timeout":1}', /^timeout: /],
    ['a wrong nested value', '{"new_asset_settings":{"playback_policy":["secret"]}}', /^new_asset_settings\.playback_policy\.0: /],
    ['a quality nobody offers', '{"new_asset_settings":{"video_quality":"best"}}', /^new_asset_settings\.video_quality: /],
    ['a tier nobody offers', '{"new_asset_settings":{"encoding_tier":"plus"}}', /^new_asset_settings\.encoding_tier: /],
    ['a key twice', '{"timeout":60,"timeout":61}', /twice/],
    ['NaN', '{"timeout":NaN}', 'The body is not valid JSON.'],
    ['NUL in a text', '{"new_asset_settings":{"passthrough":"a\\u0000b"}}', /Unicode/],
    ['half a surrogate pair', '{"new_asset_settings":{"passthrough":"\\ud800"}}', /Unicode/],
  ])('with %s are refused with the field named', async (_, body, message) => {
    const response = await postJson('/video/v1/uploads', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: { type: 'invalid_parameters', messages: [expect.stringMatching(message)] } });
  });

  test('with too large a body are refused, with and without a Content-Length', async () => {
    const large = JSON.stringify({ x: 'x'.repeat(1024 * 1024) });
    expect((await postJson('/video/v1/uploads', large)).status).toBe(413);
    expect(await postChunked('/video/v1/uploads', large)).toBe(413);
  });

  test('with unknown fields and __proto__ pass unharmed', async () => {
    const response = await postJson('/video/v1/uploads', '{"test":true,"__proto__":{"timeout":60}}');
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ data: { timeout: 3600 } });
  });

  test('in another charset, or in none, are refused', async () => {
    expect((await postJson('/video/v1/uploads', '{}', { 'content-type': 'application/json; charset=utf-16' })).status).toBe(415);
    const body = new Uint8Array([...new TextEncoder().encode('{"cors_origin":"'), 0xff, 0x22, 0x7d]);
    expect((await account.fetch('/video/v1/uploads', { method: 'POST', body })).status).toBe(400);
  });

  test('that nest too deep are refused', async () => {
    expect((await postJson('/video/v1/uploads', '{"a":'.repeat(100_000))).status).toBe(400);
  });

  test.each(['/video/v1/nowhere', '/video/v1', '/video/v1/assets/x/nothing', '/system/v1/whoami/x', '/nowhere'])(
    'of %s, which is no path of ours, are 404 whatever the method',
    async (path) => {
      for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
        const response = await account.fetch(path, { method });
        expect(response.status).toBe(404);
        expect(response.headers.get('allow')).toBeNull();
        expect(await response.json()).toMatchObject({ error: { type: 'not_found' } });
      }
    },
  );

  const known = [...new Set(routes.map(({ path }) => path))].filter((path) => !path.startsWith('/internal/'));
  test.each(known)('of %s with a method that it does not take are 405 with Allow', async (path) => {
    const taken = routes.filter((route) => route.path === path).map(({ method }) => method);
    const allow = taken.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter((name) => !taken.includes(name))) {
      const response = await account.fetch(path.replace(/:\w+/g, randomHex(16)), { method });
      expect(`${method} ${response.status}`).toBe(`${method} 405`);
      expect(response.headers.get('allow')?.split(', ').sort()).toEqual([...allow].sort());
      expect(await response.json()).toMatchObject({ error: { type: 'method_not_allowed' } });
    }
  });

  async function postChunked(path: string, body: string): Promise<number | undefined> {
    const { account_id: accountId, token_id: tokenId } = account.bootstrap;
    const headers = { 'transfer-encoding': 'chunked', ...(await principalHeader({ kind: 'token', accountId, tokenId })) };
    return new Promise((resolve, reject) => {
      const client = request(origin.url + path, { method: 'POST', headers }, (response) => resolve(response.resume().statusCode));
      client.once('error', reject);
      client.end(body);
    });
  }
});

describe('uploads', () => {
  test('are created waiting, private by default, with a URL that carries the grant', async () => {
    const response = await postJson('/video/v1/uploads', '');
    expect(response.status).toBe(201);
    const { data } = (await response.json()) as { data: Upload };
    expect(uploadSchema.parse(data)).toEqual(data);
    expect(data).toMatchObject({ status: 'waiting', timeout: 3600 });
    expect(data.url).toMatch(new RegExp(`^${origin.url}/files/${data.id}\\.[\\w-]{43}$`));
  });

  test('take a policy alone or in a list, in both spellings', async () => {
    for (const settings of [{ playback_policy: 'public' }, { playback_policies: ['public', 'signed'] }]) {
      const { new_asset_settings } = await createUpload(account, { new_asset_settings: settings });
      const [name = '', value] = Object.entries(settings)[0] ?? [];
      expect(new_asset_settings).toEqual({ [name]: [value].flat() });
    }
  });

  test('fifty at once are fifty', async () => {
    const uploads = await Promise.all(Array.from({ length: 50 }, () => createUpload(account)));
    expect(new Set(uploads.map(({ id }) => id)).size).toBe(50);
  });

  test('can be cancelled again, but not once they are an asset', async () => {
    const upload = await createUpload(account);
    for (let round = 0; round < 2; round += 1) {
      expect(await account.call('PUT', `/video/v1/uploads/${upload.id}/cancel`)).toMatchObject({ status: 'cancelled' });
    }
    const { upload_id } = await createAsset(account);
    expect((await account.fetch(`/video/v1/uploads/${upload_id}/cancel`, { method: 'PUT' })).status).toBe(409);
  });
});

describe('lists', () => {
  test('end with an empty page', async () => {
    const lister = await origin.createAccount();
    await Promise.all([createUpload(lister), createUpload(lister), createUpload(lister)]);
    const pages = await Promise.all([1, 2, 3, 1_000].map((page) => lister.call<Upload[]>('GET', `/video/v1/uploads?limit=2&page=${page}`)));
    expect(pages.map((page) => page.length)).toEqual([2, 1, 0, 0]);
    expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(3);
  });

  test('of the assets of a live stream are empty: there is none', async () => {
    await createAsset(account);
    expect(await account.call<Asset[]>('GET', '/video/v1/assets?live_stream_id=any')).toEqual([]);
  });

  test.each(['limit=0', 'limit=-1', 'limit=1000000000', 'limit=x', 'page=0', 'cursor=;drop', 'upload_id=x'])('refuse %s', async (query) => {
    expect((await account.fetch(`/video/v1/assets?${query}`)).status).toBe(400);
  });

  test('of assets go on by cursor, newest first, without a gap, and never into another account', async () => {
    const lister = await origin.createAccount();
    const made = [];
    for (let count = 0; count < 5; count += 1) made.push(await createAsset(lister));
    const seen: string[] = [];
    let cursor: string | undefined = '';
    while (cursor !== undefined) {
      const response = await lister.fetch(`/video/v1/assets?limit=2${cursor && `&cursor=${cursor}`}`);
      const page = (await response.json()) as { data: Asset[]; next_cursor?: string };
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(made.map(({ id }) => id).toReversed());
    const [first] = made;
    const foreign = await stranger.call<Asset[]>('GET', `/video/v1/assets?cursor=${Date.now() + 1_000}.${first?.id}`);
    expect(foreign.filter(({ id }) => seen.includes(id))).toEqual([]);
  });
});

describe('assets', () => {
  test('have the shape of the contract', async () => {
    const asset = await createAsset(account, { meta: { title: 'T', creator_id: 'c' } });
    expect(assetSchema.parse(asset)).toEqual(asset);
  });

  test.each([
    [{}, 'plus', 'smart'],
    [{ video_quality: 'basic' }, 'basic', 'baseline'],
    [{ video_quality: 'premium' }, 'premium', 'premium'],
    [{ encoding_tier: 'baseline' }, 'basic', 'baseline'],
    [{ encoding_tier: 'premium', video_quality: 'plus' }, 'plus', 'smart'],
  ])('of an upload with %j are %s', async (settings, video_quality, encoding_tier) => {
    expect(await createAsset(account, settings)).toMatchObject({ video_quality, encoding_tier });
  });

  test('keep what a change leaves out', async () => {
    const asset = await createAsset(account, { passthrough: 'p', meta: { title: 'old', creator_id: 'c' } });
    const changed = await account.call<Asset>('PATCH', `/video/v1/assets/${asset.id}`, { meta: { title: 'new' } });
    expect(changed).toMatchObject({ passthrough: 'p', meta: { title: 'new', creator_id: 'c' } });
  });

  test('are gone at once when deleted, and their objects by a job', async () => {
    const asset = await createAsset(account);
    const [playbackId] = asset.playback_ids ?? [];
    const response = await account.fetch(`/video/v1/assets/${asset.id}`, { method: 'DELETE' });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([204, null, '']);
    for (const path of [`/video/v1/assets/${asset.id}`, `/video/v1/playback-ids/${playbackId?.id}`]) {
      expect((await account.fetch(path)).status).toBe(404);
    }
    expect((await account.fetch(`/video/v1/assets/${asset.id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await origin.service(`/internal/playback-ids/${playbackId?.id}`)).status).toBe(404);
  });

  test('have their objects removed once more later, for what a queue forgot and what was stored meanwhile', async () => {
    const asset = await createAsset(account);
    const purges = () =>
      origin.db
        .selectFrom('outbox')
        .select('due_at')
        .where('job', '=', 'purge')
        .where('payload', '@>', JSON.stringify({ assetId: asset.id }))
        .execute();
    await account.fetch(`/video/v1/assets/${asset.id}`, { method: 'DELETE' });
    await expect.poll(async () => (await purges()).length).toBe(1);
    const [again] = await purges();
    expect((again?.due_at.getTime() ?? 0) - Date.now()).toBeGreaterThan(3_000_000);
  });

  test('get and lose playback ids, each found from its id', async () => {
    const asset = await createAsset(account, { playback_policies: [] });
    expect(asset.playback_ids).toEqual([]);
    const added = await account.call<{ id: string }>('POST', `/video/v1/assets/${asset.id}/playback-ids`, { policy: 'signed' });
    expect(await account.call('GET', `/video/v1/assets/${asset.id}/playback-ids/${added.id}`)).toEqual({ id: added.id, policy: 'signed' });
    expect(await account.call('GET', `/video/v1/playback-ids/${added.id}`)).toEqual({
      id: added.id,
      policy: 'signed',
      object: { type: 'asset', id: asset.id },
    });
    const remove = () => account.fetch(`/video/v1/assets/${asset.id}/playback-ids/${added.id}`, { method: 'DELETE' });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
  });
});

describe('keys and tokens', () => {
  test.each(['RS256', 'ES256', 'EdDSA'] as const)('a %s key shows its private half once and can sign', async (algorithm) => {
    const key = await account.call<SigningKey>('POST', '/system/v1/signing-keys', { algorithm });
    expect(signingKeySchema.parse(key)).toEqual(key);
    expect(Buffer.from(key.private_key ?? '', 'base64').toString()).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(await account.call('GET', `/system/v1/signing-keys/${key.id}`)).toEqual({ id: key.id, created_at: key.created_at, algorithm });
    const answer = await (await origin.service(`/internal/signing-keys/${key.id}`)).json();
    expect(answer).toMatchObject({ id: key.id, account_id: account.bootstrap.account_id, algorithm, public_jwk: { alg: algorithm } });
    expect(Object.keys((answer as { public_jwk: object }).public_jwk)).not.toContain('d');
    expect((await account.fetch(`/system/v1/signing-keys/${key.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await origin.service(`/internal/signing-keys/${key.id}`)).status).toBe(404);
  });

  test('a token shows its secret once and is dead when revoked', async () => {
    const token = await account.call<{ id: string; secret: string }>('POST', '/system/v1/api-tokens', { name: 'CI' });
    expect(apiTokenSchema.parse(token)).toEqual(token);
    const listed = await account.call<{ id: string; secret?: string }[]>('GET', '/system/v1/api-tokens');
    const { secret: _, ...shown } = token;
    expect(listed.find(({ id }) => id === token.id)).toEqual(shown);
    const ofSession = `/internal/tokens/${token.id}/sessions/${randomHex(16)}`;
    expect((await origin.service(ofSession)).status).toBe(200);

    expect((await account.fetch(`/system/v1/api-tokens/${token.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await origin.service(ofSession)).status).toBe(404);
    expect((await account.fetch(`/system/v1/api-tokens/${token.id}`, { method: 'DELETE' })).status).toBe(404);
  });

  test('a token hands on no more than its own scopes, and none once it is revoked', async () => {
    const create = (as: Account, body: unknown) => as.fetch('/system/v1/api-tokens', { method: 'POST', body: JSON.stringify(body) });
    const narrow = await account.call<ApiToken>('POST', '/system/v1/api-tokens', { scopes: ['system:write', 'video:read', 'video:read'] });
    expect(narrow.scopes).toEqual(['video:read', 'system:write']);
    const holder = account.withToken(narrow.id);
    expect(whoamiSchema.parse(await holder.call('GET', '/system/v1/whoami')).permissions).toEqual(narrow.scopes);
    const secretSha256 = createHash('sha256')
      .update(narrow.secret ?? '')
      .digest('hex');
    const answer = await origin.service('/internal/credentials', {
      method: 'POST',
      body: JSON.stringify({ token_id: narrow.id, secret_sha256: secretSha256 }),
    });
    expect(credentialAnswerSchema.parse(await answer.json()).scopes).toEqual(narrow.scopes);

    expect((await holder.call<ApiToken>('POST', '/system/v1/api-tokens')).scopes).toEqual(narrow.scopes);
    expect((await holder.call<ApiToken>('POST', '/system/v1/api-tokens', { scopes: ['video:read'] })).scopes).toEqual(['video:read']);
    expect((await create(holder, { scopes: ['video:write'] })).status).toBe(403);
    for (const scopes of [[], ['video:all'], 'video:read']) expect((await create(holder, { scopes })).status).toBe(400);

    await account.fetch(`/system/v1/api-tokens/${narrow.id}`, { method: 'DELETE' });
    expect((await create(holder, {})).status).toBe(401);
  });

  test('a user session that was signed out stays so as long as it would have lasted', async () => {
    const { token_id: tokenId } = account.bootstrap;
    const [ended, other] = [randomHex(16), randomHex(16)];
    const statusOf = async (id: string, method = 'GET') =>
      (await origin.service(`/internal/tokens/${tokenId}/sessions/${id}`, { method })).status;
    expect([await statusOf(ended), await statusOf(ended, 'DELETE'), await statusOf(ended, 'DELETE')]).toEqual([200, 204, 204]);
    const hoursOn = (hours: number) => new Date(Date.now() + hours * 3_600_000);
    await deleteExpiredUserSessions(origin.db, hoursOn(11.9));
    expect([await statusOf(ended), await statusOf(other)]).toEqual([404, 200]);
    await deleteExpiredUserSessions(origin.db, hoursOn(12.1));
    expect(await isUserSessionEnded(origin.db, ended)).toBe(false);
  });

  test('whoami says who', async () => {
    const whoami = await account.call('GET', '/system/v1/whoami');
    expect(whoamiSchema.parse(whoami)).toMatchObject({
      account_id: account.bootstrap.account_id,
      access_token_id: account.bootstrap.token_id,
    });
  });
});

test('health and readiness are open to everybody', async () => {
  expect(await (await fetch(`${origin.url}/health`)).json()).toEqual({ status: 'alive' });
  expect(await (await fetch(`${origin.url}/ready`)).json()).toEqual({
    status: 'ready',
    checks: { postgres: { ok: true }, redis: { ok: true }, store: { ok: true } },
  });
});
