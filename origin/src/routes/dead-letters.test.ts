import { createLog } from '@mediaflow/platform/log';
import { type DeadLetter, deadLetterSchema } from '@mediaflow/shared/api';
import type { AssetId } from '@mediaflow/shared/ids';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeOutcome } from '../outcome/write.ts';
import { failedOutcome, probedOutcome } from '../testing/outcomes.ts';
import { type Account, startTestOrigin, type TestOrigin } from '../testing/test-origin.ts';
import { createAsset } from '../testing/upload.ts';

const log = createLog('test', 'silent');
let origin: TestOrigin;
let account: Account;
let stranger: Account;

beforeAll(async () => {
  origin = await startTestOrigin({ redisDatabase: 42 });
  [account, stranger] = await Promise.all([origin.createAccount(), origin.createAccount()]);
});
afterAll(() => origin.close());

const list = (query = '', of = account): Promise<DeadLetter[]> => of.call('GET', `/system/v1/dead-letters${query}`);

async function giveUp(number: number, assetId: AssetId): Promise<void> {
  await writeOutcome(origin.db, failedOutcome(assetId, 'urgent', 'encode_failed', { renditionId: 'v720', number }), log);
}

test('a job that was given up is listed with what its process said, and can be asked for again', async () => {
  const asset = await createAsset(account);
  await writeOutcome(origin.db, probedOutcome(asset.id), log);
  await giveUp(3, asset.id);
  const [letter] = await list();
  expect(deadLetterSchema.parse(letter)).toEqual(letter);
  expect(letter).toMatchObject({
    job: 'urgent',
    asset_id: asset.id,
    error: { type: 'encode_failed', message: expect.any(String) },
    attempts: 1,
    argv: 'ffmpeg -i source',
    exit_code: 1,
    stderr_tail: 'moov atom not found',
  });
  const path = `/system/v1/dead-letters/${letter?.id}/replay`;
  for (let round = 0; round < 2; round += 1) {
    const response = await account.fetch(path, { method: 'POST' });
    expect([response.status, await response.json()]).toEqual([202, { data: { ...letter, replayed_at: expect.stringMatching(/^\d+$/) } }]);
  }
  expect((await list())[0]).toHaveProperty('replayed_at');
});

test('lists go page by page, the last one first, and end with an empty page', async () => {
  const other = await origin.createAccount();
  const asset = await createAsset(other);
  await writeOutcome(origin.db, probedOutcome(asset.id), log);
  for (let number = 0; number < 5; number += 1) await giveUp(number, asset.id);
  const pages = [await list('?limit=2', other), await list('?limit=2&page=2', other), await list('?limit=2&page=3', other)];
  expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
  expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(5);
  const times = pages.flat().map(({ created_at }) => Number(created_at));
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  expect(await list('?limit=2&page=4', other)).toEqual([]);
});

test.each(['limit=0', 'limit=x', 'page=0'])('%s is refused', async (query) => {
  expect((await account.fetch(`/system/v1/dead-letters?${query}`)).status).toBe(400);
});

test('another account neither sees nor replays a letter, and cannot tell it from none', async () => {
  const asset = await createAsset(account);
  await writeOutcome(origin.db, probedOutcome(asset.id), log);
  await giveUp(1, asset.id);
  const [letter] = await list();
  expect(await list('', stranger)).toEqual([]);
  const foreign = await stranger.fetch(`/system/v1/dead-letters/${letter?.id}/replay`, { method: 'POST' });
  const missing = await stranger.fetch(`/system/v1/dead-letters/${'0'.repeat(32)}/replay`, { method: 'POST' });
  expect([foreign.status, await foreign.text()]).toEqual([404, await missing.text()]);
  expect((await list())[0]).not.toHaveProperty('replayed_at');
});

test('what belongs to a deleted asset cannot be asked for again', async () => {
  const asset = await createAsset(account);
  await writeOutcome(origin.db, probedOutcome(asset.id), log);
  await giveUp(2, asset.id);
  const [letter] = await list();
  await account.fetch(`/video/v1/assets/${asset.id}`, { method: 'DELETE' });
  expect((await account.fetch(`/system/v1/dead-letters/${letter?.id}/replay`, { method: 'POST' })).status).toBe(410);
});
