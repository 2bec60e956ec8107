import { type Revocation, revocationSchema, type SigningKey } from '@mediaflow/shared/api';
import { newAssetId, randomHex } from '@mediaflow/shared/ids';
import { type RevocationPage, revocationPageSchema } from '@mediaflow/shared/internal';
import { revocationName } from '@mediaflow/shared/revocation';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, startTestOrigin, type TestOrigin } from '../testing/test-origin.ts';
import { createAsset } from '../testing/upload.ts';

let origin: TestOrigin;
let account: Account;
let stranger: Account;
beforeAll(async () => {
  origin = await startTestOrigin({ redisDatabase: 43 });
  [account, stranger] = await Promise.all([origin.createAccount(), origin.createAccount()]);
});
afterAll(() => origin.close());

const PATH = '/system/v1/revocations';
const post = (by: Account, body: unknown): Promise<Response> => by.fetch(PATH, { method: 'POST', body: JSON.stringify(body) });
const revoke = (object: unknown): Promise<Revocation> => account.call('POST', PATH, { object });

/** What edges are told of an object. */
async function findEntry(object: unknown): Promise<RevocationPage['entries'][number] | undefined> {
  const page = revocationPageSchema.parse(await (await origin.service('/internal/revocations')).json());
  return page.entries.find(({ name }) => name === revocationName(object as Parameters<typeof revocationName>[0]));
}

/** One object of each type, of an asset of its own. */
async function makeObjects() {
  const asset = await createAsset(account);
  const playbackId = asset.playback_ids?.[0]?.id ?? '';
  const key = await account.call<SigningKey>('POST', '/system/v1/signing-keys', { algorithm: 'EdDSA' });
  return {
    session: { type: 'session', id: randomHex(8), playback_id: playbackId },
    playback_id: { type: 'playback_id', id: playbackId },
    signing_key: { type: 'signing_key', id: key.id },
    asset: { type: 'asset', id: asset.id },
  };
}
const TYPES = ['session', 'playback_id', 'signing_key', 'asset'] as const;

describe.each(TYPES)('a %s', (type) => {
  test('is revoked, found, listed, told to edges and let go again', async () => {
    const object = (await makeObjects())[type];
    const made = await revoke(object);
    expect(revocationSchema.parse(made)).toEqual(made);
    expect(made.object).toEqual(object);
    // Only a session ends by itself; anything else would open new ones once its revocation were over.
    expect(made.expires_at === undefined).toBe(type !== 'session');
    expect(await account.call('GET', `${PATH}/${made.id}`)).toEqual(made);
    expect(await account.call<Revocation[]>('GET', PATH)).toContainEqual(made);
    const entry = await findEntry(object);
    expect([entry?.is_lifted, entry?.expires_at === undefined]).toEqual([undefined, type !== 'session']);

    expect((await account.fetch(`${PATH}/${made.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await account.fetch(`${PATH}/${made.id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await account.call<Revocation[]>('GET', PATH)).map(({ id }) => id)).not.toContain(made.id);
    expect(await findEntry(object)).toMatchObject({ is_lifted: true });

    expect(await revoke(object)).toMatchObject({ object });
    expect((await findEntry(object))?.is_lifted).toBeUndefined();
  });

  test('that another account owns cannot be told from none', async () => {
    const object = (await makeObjects())[type];
    const none = type === 'session' ? { ...object, playback_id: randomHex(16) } : { ...object, id: randomHex(16) };
    const [foreign, missing] = [await post(stranger, { object }), await post(stranger, { object: none })];
    expect([foreign.status, await foreign.text()]).toEqual([404, await missing.text()]);
    expect(await findEntry(object)).toBeUndefined();
  });

  test('is revoked once, however often it is asked for', async () => {
    const object = (await makeObjects())[type];
    const ids = await Promise.all(Array.from({ length: 5 }, async () => (await revoke(object)).id));
    expect(new Set(ids).size).toBe(1);
  });
});

describe('deleting', () => {
  test.each([
    ['playback_id', ({ asset, playback_id }) => `/video/v1/assets/${asset.id}/playback-ids/${playback_id.id}`],
    ['signing_key', ({ signing_key }) => `/system/v1/signing-keys/${signing_key.id}`],
    ['asset', ({ asset }) => `/video/v1/assets/${asset.id}`],
  ] satisfies [keyof Objects, (objects: Objects) => string][])('a %s revokes it for good', async (type, pathOf) => {
    const objects = await makeObjects();
    const object = objects[type];
    expect((await account.fetch(pathOf(objects), { method: 'DELETE' })).status).toBe(204);
    const entry = await findEntry(object);
    expect(entry?.is_lifted).toBeUndefined();
    expect(entry?.expires_at).toBeGreaterThan(Date.now() / 1000);
    const made = (await account.call<Revocation[]>('GET', PATH)).find((revocation) => revocation.object.id === object.id);
    expect((await account.fetch(`${PATH}/${made?.id}`, { method: 'DELETE' })).status).toBe(409);
    expect((await post(account, { object })).status).toBe(404);
  });

  test('what was revoked gives the revocation an end', async () => {
    const { asset } = await makeObjects();
    await revoke(asset);
    expect((await findEntry(asset))?.expires_at).toBeUndefined();
    await account.fetch(`/video/v1/assets/${asset.id}`, { method: 'DELETE' });
    expect((await findEntry(asset))?.expires_at).toBeDefined();
  });

  test('and revoking at the same time leaves nothing that stands for ever', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { playback_id, asset } = await makeObjects();
      const path = `/video/v1/assets/${asset.id}/playback-ids/${playback_id.id}`;
      const [deleted, revoked] = await Promise.all([account.fetch(path, { method: 'DELETE' }), post(account, { object: playback_id })]);
      expect([deleted.status, [201, 404].includes(revoked.status)]).toEqual([204, true]);
      expect((await findEntry(playback_id))?.expires_at).toBeDefined();
    }
  });

  test('that does not succeed revokes nothing', async () => {
    const { asset, playback_id } = await makeObjects();
    for (const path of [`/video/v1/assets/${newAssetId()}/playback-ids/${playback_id.id}`, `/video/v1/assets/${asset.id}`]) {
      expect((await stranger.fetch(path, { method: 'DELETE' })).status).toBe(404);
    }
    expect([await findEntry(asset), await findEntry(playback_id)]).toEqual([undefined, undefined]);
  });
});
type Objects = Awaited<ReturnType<typeof makeObjects>>;

test.each([
  ['no object', {}],
  ['an unknown type', { object: { type: 'viewer', id: randomHex(16) } }],
  ['a session without its playback id', { object: { type: 'session', id: randomHex(8) } }],
  ['a session id that is none', { object: { type: 'session', id: 'x', playback_id: randomHex(16) } }],
])('%s is 400', async (_, body) => {
  expect((await post(account, body)).status).toBe(400);
});

test('an account cannot fill every edge’s memory', async () => {
  const crowded = await origin.createAccount();
  const asset = await createAsset(crowded);
  await sql`insert into revocations (id, account_id, object, name, created_at)
    select md5(n::text), ${crowded.bootstrap.account_id}, '{}', 'test:' || n, now() from generate_series(1, 10000) n`.execute(origin.db);
  expect((await post(crowded, { object: { type: 'asset', id: asset.id } })).status).toBe(409);
  expect((await crowded.fetch(`/video/v1/assets/${asset.id}`, { method: 'DELETE' })).status).toBe(204);
  await sql`delete from revocations where account_id = ${crowded.bootstrap.account_id}`.execute(origin.db);
});
