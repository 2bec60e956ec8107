import { afterAll, describe, expect, test } from 'vitest';
import { openOutcomeDatabase } from '../testing/outcome-database.ts';
import { failedOutcome } from '../testing/outcomes.ts';
import { insertTestAsset } from '../testing/test-asset.ts';

const { db, insertPlayable, lettersOf, rowOf, eventsOf, write, close } = await openOutcomeDatabase();
afterAll(close);

describe('work that is given up', () => {
  test('a failed probe ends the asset with the reason, once, and leaves a dead letter', async () => {
    const asset = await insertTestAsset(db);
    await write(failedOutcome(asset.id, 'probe'));
    await write(failedOutcome(asset.id, 'probe'));
    expect(await rowOf(asset)).toMatchObject({ status: 'errored', error_code: 'not_media', error_message: 'This file is not a video.' });
    expect((await eventsOf(asset)).filter((type) => type === 'errored')).toHaveLength(1);
    expect(await lettersOf(asset)).toMatchObject([
      {
        job: 'probe',
        work_id: 'probe',
        attempts: 1,
        account_id: asset.account_id,
        error: { details: { argv: 'ffmpeg -i source', exitCode: 1, stderrTail: 'moov atom not found' } },
      },
    ]);
  });

  test('a unit fails under its present fence only', async () => {
    const { asset, probed } = await insertPlayable();
    await db.updateTable('units').set({ fence: 2, enqueued_at: new Date() }).where('asset_id', '=', asset.id).execute();
    const unitId = probed.units[0]?.id ?? '';
    await write(failedOutcome(asset.id, 'encode', 'encode_failed', { unitId, fence: 1 }));
    expect(await rowOf(asset)).toMatchObject({ status: 'preparing' });
    expect(await lettersOf(asset)).toEqual([]);
    await write(failedOutcome(asset.id, 'encode', 'encode_failed', { unitId, fence: 2 }));
    expect(await rowOf(asset)).toMatchObject({ status: 'errored', error_code: 'encode_failed' });
  });

  test.each(['poster', 'urgent', 'publish'] as const)('a failed %s is noted, and the asset goes on', async (job) => {
    const { asset } = await insertPlayable();
    await write(failedOutcome(asset.id, job, 'internal', { renditionId: 'v720', number: 1 }));
    expect(await rowOf(asset)).toMatchObject({ status: 'preparing' });
    expect(await lettersOf(asset)).toMatchObject([{ job }]);
  });
});
