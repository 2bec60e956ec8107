import { newAssetId } from '@mediaflow/shared/ids';
import { afterAll, describe, expect, test } from 'vitest';
import { bootstrapAccount } from './bootstrap.ts';
import { listDeadLetters } from './db/dead-letters.ts';
import type { AssetRow, DeadLetterRow } from './db/schema.ts';
import { replayDeadLetter } from './replay-dead-letter.ts';
import { openOutcomeDatabase } from './testing/outcome-database.ts';
import { failedOutcome, probedOutcome, SUBTITLED, storedOutcomes, urgentOutcome } from './testing/outcomes.ts';
import { insertTestAsset } from './testing/test-asset.ts';

const { db, write, insertPlayable, handOutAll, rowOf, close } = await openOutcomeDatabase();
afterAll(close);

describe('a dead letter that is replayed', () => {
  const jobsOf = async ({ id }: AssetRow) =>
    (
      await db
        .selectFrom('outbox')
        .select('job')
        .where('payload', '@>', JSON.stringify({ assetId: id }))
        .orderBy('id')
        .execute()
    ).map(({ job }) => job);
  const letterOf = async (asset: AssetRow): Promise<DeadLetterRow> => {
    const [letter] = await listDeadLetters(db, asset.account_id, { limit: 10, page: 1 });
    if (letter === undefined) throw new Error('no dead letter');
    return letter;
  };

  test('probes the asset again, and a second replay does nothing', async () => {
    const asset = await insertTestAsset(db);
    await write(failedOutcome(asset.id, 'probe', 'worker_lost'));
    const { id } = await letterOf(asset);
    await Promise.all([replayDeadLetter(db, asset.account_id, id), replayDeadLetter(db, asset.account_id, id)]);
    expect(await rowOf(asset)).toMatchObject({ status: 'preparing', error_code: null, error_message: null });
    expect(await jobsOf(asset)).toEqual(['probe', 'probe']);
    expect((await letterOf(asset)).replayed_at).not.toBeNull();
    await write(probedOutcome(asset.id));
    expect(await rowOf(asset)).toMatchObject({ status: 'preparing', playable_at: expect.any(Date) });
  });

  test('is open again when the work fails again', async () => {
    const asset = await insertTestAsset(db);
    await write(failedOutcome(asset.id, 'probe', 'worker_lost'));
    const { id } = await letterOf(asset);
    await replayDeadLetter(db, asset.account_id, id);
    await write(failedOutcome(asset.id, 'probe', 'corrupt'));
    expect(await listDeadLetters(db, asset.account_id, { limit: 10, page: 1 })).toMatchObject([
      { id, replayed_at: null, error: { code: 'corrupt' } },
    ]);
    expect(await rowOf(asset)).toMatchObject({ status: 'errored', error_code: 'corrupt' });
  });

  test('lets a unit wait for its turn again, and the asset go on to the end', async () => {
    const { asset, probed } = await insertPlayable();
    await handOutAll(asset);
    const [failed, ...others] = storedOutcomes(probed);
    const unitId = failed?.unit?.id ?? '';
    await write(failedOutcome(asset.id, 'encode', 'encode_failed', { unitId, fence: 1 }));
    for (const outcome of others) await write(outcome);
    expect((await rowOf(asset)).status).toBe('errored');
    await replayDeadLetter(db, asset.account_id, (await letterOf(asset)).id);
    const unit = await db
      .selectFrom('units')
      .selectAll()
      .where('asset_id', '=', asset.id)
      .where('id', '=', unitId)
      .executeTakeFirstOrThrow();
    expect(unit).toMatchObject({ enqueued_at: null, done_at: null, requeues: 0, fence: 1 });
    if (failed !== undefined) await write(failed);
    expect((await rowOf(asset)).status).toBe('ready');
  });

  test('whose unit viewers have stored meanwhile makes the asset ready', async () => {
    const { asset, probed } = await insertPlayable();
    await handOutAll(asset);
    await write(failedOutcome(asset.id, 'encode', 'encode_failed', { unitId: probed.units[0]?.id ?? '', fence: 1 }));
    for (const { id } of probed.renditions) for (let number = 0; number < 8; number += 1) await write(urgentOutcome(asset.id, id, number));
    expect((await rowOf(asset)).status).toBe('errored');
    await replayDeadLetter(db, asset.account_id, (await letterOf(asset)).id);
    expect((await rowOf(asset)).status).toBe('ready');
  });

  test('brings subtitles back', async () => {
    const { asset, probed } = await insertPlayable(({ id }) => probedOutcome(id, 1, SUBTITLED));
    for (const outcome of storedOutcomes(probed)) await write(outcome);
    await write(failedOutcome(asset.id, 'text', 'unavailable', { renditionId: 't0' }));
    await replayDeadLetter(db, asset.account_id, (await letterOf(asset)).id);
    await write({ kind: 'extracted', assetId: asset.id, version: 1, renditionId: 't0', cueCount: 1, warnings: [] });
    const row = await rowOf(asset);
    expect(row.renditions?.map(({ id }) => id)).toContain('t0');
    expect(row).toMatchObject({ status: 'ready', warnings: [] });
    expect(row.stored_segments).toBe(row.total_segments);
    const revision = await db
      .selectFrom('tasks')
      .selectAll()
      .where('asset_id', '=', asset.id)
      .where('id', '=', 'publish_2')
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(revision.payload)).toContain('"t0"');
  });

  test('asks for a segment of a viewer again', async () => {
    const { asset } = await insertPlayable();
    await db.deleteFrom('outbox').execute();
    await write(failedOutcome(asset.id, 'urgent', 'encode_failed', { renditionId: 'v720', number: 3 }));
    await replayDeadLetter(db, asset.account_id, (await letterOf(asset)).id);
    expect(await db.selectFrom('outbox').selectAll().execute()).toMatchObject([
      { job: 'urgent', payload: { rendition: { id: 'v720' }, number: 3 } },
    ]);
  });

  test('is found by its account alone, and not after its asset', async () => {
    const asset = await insertTestAsset(db);
    await write(failedOutcome(asset.id, 'probe'));
    const { id } = await letterOf(asset);
    const stranger = await bootstrapAccount(db);
    await expect(replayDeadLetter(db, stranger.account_id, id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(replayDeadLetter(db, asset.account_id, newAssetId())).rejects.toMatchObject({ code: 'not_found' });
    await db.deleteFrom('assets').where('id', '=', asset.id).execute();
    await expect(replayDeadLetter(db, asset.account_id, id)).rejects.toMatchObject({ code: 'gone' });
    expect((await letterOf(asset)).replayed_at).toBeNull();
  });
});
