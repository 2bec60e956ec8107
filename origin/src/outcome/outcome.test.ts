import { createHash } from 'node:crypto';
import { createLog } from '@mediaflow/platform/log';
import { createProducer, type Producer } from '@mediaflow/platform/queue';
import { openStore } from '@mediaflow/platform/storage/open-store';
import { type Asset, assetSchema } from '@mediaflow/shared/api';
import { encodeJob, type OutcomePayload, outcomeJob, posterJob, urgentJob } from '@mediaflow/shared/jobs';
import { mediaKey } from '@mediaflow/shared/keys';
import { SCOPES } from '@mediaflow/shared/scopes';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { AssetRow } from '../db/schema.ts';
import { probedOutcome, storedOutcomes } from '../testing/outcomes.ts';
import { type Account, startTestOrigin, type TestOrigin } from '../testing/test-origin.ts';
import { createAsset } from '../testing/upload.ts';
import { planEncodeJob, planUrgentJob } from '../work-jobs.ts';
import { writeOutcome } from './write.ts';

let origin: TestOrigin;
let account: Account;
let producer: Producer;
const log = createLog('test', 'silent');

beforeAll(async () => {
  origin = await startTestOrigin({ redisDatabase: 3 });
  account = await origin.createAccount();
  producer = createProducer(origin.config.redisUrl, log);
  await vi.waitFor(() => producer.ping(), 60_000);
});
afterAll(async () => {
  await producer.close();
  await origin.close();
});

const write = (outcome: OutcomePayload): Promise<void> => writeOutcome(origin.db, outcome, log);
const show = (asset: Asset): Promise<Asset> => account.call('GET', `/video/v1/assets/${asset.id}`);
const rowOf = (asset: Asset): Promise<AssetRow> =>
  origin.db.selectFrom('assets').selectAll().where('id', '=', asset.id).executeTakeFirstOrThrow();
const eventsOf = async (asset: Asset): Promise<string[]> =>
  (await origin.db.selectFrom('events').select('type').where('asset_id', '=', asset.id).orderBy('id').execute()).map(({ type }) => type);

test('a probe makes the asset playable and asks for its opening, its poster and its first units', async () => {
  const asset = await createAsset(account);
  const probed = probedOutcome(asset.id);
  await write(probed);
  const row = await rowOf(asset);
  const [first] = probed.units;
  if (first === undefined) throw new Error('no unit planned');
  const jobs = [
    () => producer.isQueued(urgentJob, planUrgentJob(row, 'v240', 0, false).payload),
    () => producer.isQueued(urgentJob, planUrgentJob(row, 'a0', 0, false).payload),
    () => producer.isQueued(posterJob, { assetId: asset.id, version: 1, sourceKey: '', sizeBytes: 17, source: probed.source }),
    () => producer.isQueued(encodeJob, planEncodeJob(row, first, 1).payload),
  ];
  for (const isQueued of jobs) await expect.poll(isQueued).toBe(true);
  const playable = await show(asset);
  expect(assetSchema.parse(playable)).toEqual(playable);
  expect(playable).toMatchObject({
    status: 'preparing',
    progress: { state: 'transcoding', progress: 0 },
    kind: 'video',
    duration: 30,
    aspect_ratio: '16:9',
    resolution_tier: '720p',
    max_stored_frame_rate: 25,
    playable_at: expect.any(String),
    tracks: [
      { type: 'video', max_width: 1280, max_height: 720, max_frame_rate: 25 },
      { type: 'audio', max_channels: 2, primary: true },
    ],
  });
  expect(await eventsOf(asset)).toEqual(['video.asset.created', 'video.asset.playable']);
});

test('outcomes arrive through the queue', async () => {
  const asset = await createAsset(account);
  const probed = probedOutcome(asset.id);
  await producer.enqueue(outcomeJob, probed);
  await expect.poll(async () => (await show(asset)).playable_at).toBeDefined();
  for (const outcome of storedOutcomes(probed)) await producer.enqueue(outcomeJob, outcome);
  await expect.poll(async () => (await show(asset)).status).toBe('ready');
});

test('outcomes of a deleted asset leave nothing behind', async () => {
  const asset = await createAsset(account);
  const probed = probedOutcome(asset.id);
  await account.fetch(`/video/v1/assets/${asset.id}`, { method: 'DELETE' });
  await write(probed);
  await Promise.all(storedOutcomes(probed).map(write));
  expect((await account.fetch(`/video/v1/assets/${asset.id}`)).status).toBe(404);
  expect(await origin.db.selectFrom('units').selectAll().where('asset_id', '=', asset.id).execute()).toEqual([]);
});

test('work that waits for a deleted asset leaves the queue', async () => {
  const asset = await createAsset(account);
  const probed = probedOutcome(asset.id);
  await write(probed);
  const row = await origin.db.selectFrom('assets').selectAll().where('id', '=', asset.id).executeTakeFirstOrThrow();
  const poster = { assetId: asset.id, version: 1, sourceKey: '', sizeBytes: 17, source: probed.source };
  const unitsQueued = () => Promise.all(probed.units.map((unit) => producer.isQueued(encodeJob, planEncodeJob(row, unit, 1).payload)));
  const dueRows = () => origin.db.selectFrom('outbox').select('id').where('due_at', '<=', new Date()).execute();
  await expect.poll(dueRows).toEqual([]);
  await expect.poll(() => producer.isQueued(posterJob, poster)).toBe(true);
  await account.fetch(`/video/v1/assets/${asset.id}`, { method: 'DELETE' });
  expect([await producer.isQueued(posterJob, poster), ...(await unitsQueued())]).not.toContain(true);
});

describe('the edge asks', () => {
  test('what a playback id opens, at each stage', async () => {
    const asset = await createAsset(account);
    const path = `/internal/playback-ids/${asset.playback_ids?.[0]?.id}`;
    const ask = async (): Promise<unknown> => (await origin.service(path)).json();
    const fixed = { policy: 'signed', account_id: account.bootstrap.account_id, asset_id: asset.id };
    const first = await ask();
    expect(first).toMatchObject({ ...fixed, status: 'preparing' });
    expect(first).not.toHaveProperty('version');
    const probed = probedOutcome(asset.id);
    await write(probed);
    expect(await ask()).toMatchObject({ ...fixed, status: 'playable', version: 1, duration_ms: 30_000 });
    await Promise.all(storedOutcomes(probed).map(write));
    expect(await ask()).toMatchObject({ ...fixed, status: 'ready', version: 1 });
  });

  test('for objects, whole or in part, and never for a source', async () => {
    const asset = await createAsset(account);
    const key = mediaKey({ assetId: asset.id, version: 1, object: { kind: 'segment', renditionId: 'v720', number: 0 } });
    await openStore(origin.config.store).put(key, Buffer.from('0123456789'));
    const get = (init: RequestInit = {}): Promise<Response> => origin.service(`/internal/objects/${key}`, init);

    const whole = await get();
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'content-length': '10',
      'content-type': 'video/iso.segment',
      'accept-ranges': 'bytes',
    });
    expect(whole.headers.get('etag')).toMatch(/^".+"$/);
    expect(await whole.text()).toBe('0123456789');

    for (const [range, body, contentRange] of [
      ['bytes=0-0', '0', 'bytes 0-0/10'],
      ['bytes=8-', '89', 'bytes 8-9/10'],
      ['bytes=-3', '789', 'bytes 7-9/10'],
    ] as const) {
      const part = await get({ headers: { range } });
      expect([part.status, part.headers.get('content-range'), part.headers.get('content-length'), await part.text()]).toEqual([
        206,
        contentRange,
        String(body.length),
        body,
      ]);
    }
    const beyond = await get({ headers: { range: 'bytes=10-' } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10']);
    const head = await get({ method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);

    const { source_key } = await rowOf(asset);
    for (const path of [source_key, key.replace('0.m4s', '1.m4s'), `media/../${source_key}`, `media/%2e%2e/${source_key}`]) {
      expect((await origin.service(`/internal/objects/${path}`)).status).toBe(404);
    }
  });

  test('whether a credential is right', async () => {
    const { token_id, token_secret, account_id } = account.bootstrap;
    const check = (secret: string): Promise<Response> =>
      origin.service('/internal/credentials', {
        method: 'POST',
        body: JSON.stringify({ token_id, secret_sha256: createHash('sha256').update(secret).digest('hex') }),
      });
    const right = await check(token_secret);
    expect([right.status, await right.json()]).toEqual([200, { token_id, account_id, scopes: [...SCOPES] }]);
    expect((await check('wrong')).status).toBe(401);
  });
});
