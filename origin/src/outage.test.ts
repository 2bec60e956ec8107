import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createLog } from '@mediaflow/platform/log';
import { createProducer } from '@mediaflow/platform/queue';
import type { Asset, Readiness, Upload } from '@mediaflow/shared/api';
import { probeJob } from '@mediaflow/shared/jobs';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { relayOutbox } from './outbox.ts';
import { type CuttableProxy, startProxy } from './testing/cuttable-proxy.ts';
import { type Account, findFreePort, principalHeader, startTestOrigin, type TestOrigin } from './testing/test-origin.ts';
import { createAsset, createAttempt, createUpload, findAssetOf, patchAttempt } from './testing/upload.ts';

const REDIS_DATABASE = 7;
const log = createLog('test', 'silent');
let postgres: CuttableProxy;
let redis: CuttableProxy;
let origin: TestOrigin;
let account: Account;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([findFreePort().then(startProxy), findFreePort().then(startProxy)]);
  origin = await startTestOrigin({ redisDatabase: REDIS_DATABASE, databaseUrl: postgres.through, redisUrl: redis.through });
  account = await origin.createAccount();
});
afterAll(async () => {
  await origin.close();
  await Promise.all([postgres.cut(), redis.cut()]);
});

/** A line of its own to the queue, past the one that is cut. */
const direct = createProducer(`${inject('redisUrl')}/${REDIS_DATABASE}`, log);
afterAll(() => direct.close());

const isProbeQueued = (asset: Asset): Promise<boolean> =>
  direct.isQueued(probeJob, { assetId: asset.id, version: 1, sourceKey: '', sizeBytes: 0, quality: 'plus' });
const readiness = async (): Promise<Readiness> => (await (await fetch(`${origin.url}/ready`)).json()) as Readiness;
const outboxOf = (asset: Asset) =>
  origin.db
    .selectFrom('outbox')
    .selectAll()
    .where('payload', '@>', JSON.stringify({ assetId: asset.id }))
    .execute();

let isCut: CuttableProxy | undefined;
async function cut(service: CuttableProxy): Promise<void> {
  isCut = service;
  await service.cut();
}
afterEach(async () => {
  await isCut?.mend();
  isCut = undefined;
  await expect.poll(readiness).toMatchObject({ status: 'ready' });
});

test('while Postgres is away the API says 503 and when to come back, and then works again by itself', async () => {
  await cut(postgres);
  const answers = await Promise.all(Array.from({ length: 5 }, () => account.fetch('/video/v1/uploads', { method: 'POST' })));
  for (const answer of answers) {
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await answer.json()).toEqual({ error: { type: 'unavailable', messages: ['The database does not answer.'] } });
  }
  expect((await fetch(`${origin.url}/health`)).status).toBe(200);
  expect(await readiness()).toMatchObject({ status: 'unavailable', checks: { postgres: { ok: false }, redis: { ok: true } } });
  const { account_id: accountId, token_id: tokenId } = account.bootstrap;
  const files = await fetch(`${origin.url}/files/x`, {
    method: 'POST',
    headers: await principalHeader({ kind: 'token', accountId, tokenId }),
  });
  expect(files.status).toBe(404);

  await postgres.mend();
  isCut = undefined;
  await expect.poll(async () => (await account.fetch('/video/v1/uploads', { method: 'POST' })).status).toBe(201);
});

test('an upload that ends while Postgres is away is finished when it is back', async () => {
  const upload = await createUpload(account);
  const location = await createAttempt(upload.url, 10);
  await patchAttempt(location, 0, 'abcde');
  let send: (() => void) | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(Buffer.from('fgh'));
      send = () => {
        controller.enqueue(Buffer.from('ij'));
        controller.close();
      };
    },
  });
  const patched = fetch(location, {
    method: 'PATCH',
    headers: { 'tus-resumable': '1.0.0', 'upload-offset': '5', 'content-type': 'application/offset+octet-stream' },
    body,
    duplex: 'half',
  });
  const source = join(origin.storeDir, 'sources', upload.id, location.split('/').at(-1) ?? '');
  await expect.poll(async () => (await stat(source)).size).toBe(8);
  await cut(postgres);
  send?.();
  const response = await patched;
  expect(response.status).toBe(503);
  await postgres.mend();
  isCut = undefined;
  await expect.poll(() => findAssetOf(account, upload.id)).toMatchObject({ source: { size: '10' } });
  expect(await account.call<Upload>('GET', `/video/v1/uploads/${upload.id}`)).toMatchObject({ status: 'asset_created' });
});

test('while Redis is away uploads are taken, and their jobs follow when it is back', async () => {
  await cut(redis);
  const asset = await createAsset(account);
  expect(asset.status).toBe('preparing');
  expect(await outboxOf(asset)).toHaveLength(1);
  expect(await readiness()).toMatchObject({ checks: { postgres: { ok: true }, redis: { ok: false } } });

  await redis.mend();
  isCut = undefined;
  await expect.poll(() => isProbeQueued(asset)).toBe(true);
  await expect.poll(() => outboxOf(asset)).toEqual([]);
});

test('a malformed row does not hold up the others', async () => {
  await origin.db
    .insertInto('outbox')
    .values({ job: 'probe', payload: JSON.stringify({ assetId: 'nonsense' }) })
    .execute();
  const asset = await createAsset(account);
  await expect.poll(() => isProbeQueued(asset)).toBe(true);
  await expect.poll(() => origin.db.selectFrom('outbox').select('payload').execute()).toEqual([{ payload: { assetId: 'nonsense' } }]);
});

test('relays that run side by side hand every row over', async () => {
  const assets = await Promise.all(Array.from({ length: 10 }, () => createAsset(account)));
  await Promise.all(Array.from({ length: 4 }, () => relayOutbox({ db: origin.db, producer: direct, log })));
  for (const asset of assets) await expect.poll(() => isProbeQueued(asset)).toBe(true);
});
