import { createLog } from '@mediaflow/platform/log';
import { type Asset, type AssetQuality, assetQualitySchema } from '@mediaflow/shared/api';
import { newAssetId } from '@mediaflow/shared/ids';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeOutcome } from '../outcome/write.ts';
import { failedOutcome, probedOutcome, storedOutcomes } from '../testing/outcomes.ts';
import { type Account, startTestOrigin, type TestOrigin } from '../testing/test-origin.ts';
import { createAsset } from '../testing/upload.ts';

const log = createLog('test', 'silent');
let origin: TestOrigin;
let account: Account;

beforeAll(async () => {
  origin = await startTestOrigin({ redisDatabase: 41 });
  account = await origin.createAccount();
});
afterAll(() => origin.close());

const qualityOf = (asset: Asset): Promise<AssetQuality> => account.call('GET', `/video/v1/assets/${asset.id}/quality`);
const tasksOf = (asset: Asset) =>
  origin.db.selectFrom('tasks').select(['enqueued_at', 'done_at']).where('asset_id', '=', asset.id).where('id', '=', 'measure').execute();

async function makeReady(asset: Asset): Promise<readonly string[]> {
  const probed = probedOutcome(asset.id);
  await writeOutcome(origin.db, probed, log);
  for (const outcome of storedOutcomes(probed)) await writeOutcome(origin.db, outcome, log);
  return probed.renditions.flatMap(({ id, kind }) => (kind === 'video' ? id : []));
}

test('the comparison is asked for once, when somebody first wants it of a ready asset', async () => {
  const asset = await createAsset(account);
  expect(await qualityOf(asset)).toEqual({ status: 'preparing', video_quality: 'plus', rungs: [] });
  const rungs = await makeReady(asset);
  expect(await tasksOf(asset)).toEqual([]);
  const answers = await Promise.all(Array.from({ length: 5 }, () => qualityOf(asset)));
  for (const answer of answers) {
    expect(assetQualitySchema.parse(answer)).toEqual(answer);
    expect(answer.status).toBe('preparing');
    expect(answer.rungs.map(({ id }) => id)).toEqual(rungs);
    expect(answer.rungs[0]).toMatchObject({ average_bitrate_bps: expect.any(Number), peak_bitrate_bps: expect.any(Number) });
  }
  const [asked] = await tasksOf(asset);
  await qualityOf(asset);
  expect(await tasksOf(asset)).toEqual([asked]);

  const measured = rungs.map((renditionId) => ({ renditionId, ssim: 0.97, sampledSegments: 4 }));
  await writeOutcome(origin.db, { kind: 'measured', assetId: asset.id, version: 1, rungs: measured }, log);
  const known = await qualityOf(asset);
  expect(known.status).toBe('ready');
  for (const rung of known.rungs) expect(rung).toMatchObject({ ssim: 0.97, sampled_segments: 4 });
});

test('a comparison that left a rung out is not asked for without end', async () => {
  const asset = await createAsset(account);
  await makeReady(asset);
  await qualityOf(asset);
  await writeOutcome(origin.db, { kind: 'measured', assetId: asset.id, version: 1, rungs: [] }, log);
  const done = await tasksOf(asset);
  await qualityOf(asset);
  expect(await tasksOf(asset)).toEqual(done);
});

test('a comparison that was given up is said to be', async () => {
  const asset = await createAsset(account);
  await makeReady(asset);
  await qualityOf(asset);
  await writeOutcome(origin.db, failedOutcome(asset.id, 'measure', 'encode_failed'), log);
  expect((await qualityOf(asset)).status).toBe('errored');
});

test('of no asset', async () => {
  expect((await account.fetch(`/video/v1/assets/${newAssetId()}/quality`)).status).toBe(404);
});
