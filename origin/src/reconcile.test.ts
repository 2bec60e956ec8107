import { createLog } from '@mediaflow/platform/log';
import { createProducer, type Producer } from '@mediaflow/platform/queue';
import { type AssetId, newUploadId } from '@mediaflow/shared/ids';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { bootstrapAccount } from './bootstrap.ts';
import { connectDatabase } from './db/connect.ts';
import type { Db } from './db/schema.ts';
import { insertUpload } from './db/uploads.ts';
import { relayOutbox } from './outbox.ts';
import { writeOutcome } from './outcome/write.ts';
import { decideOverdue, reconcile } from './reconcile.ts';
import { encodedOutcomes, probedOutcome } from './testing/outcomes.ts';
import { createDatabase, type TestDatabase } from './testing/test-origin.ts';
import { finishUpload } from './upload/finish.ts';

test.each([
  [true, 0, 'wait'],
  [true, 5, 'wait'],
  [false, 0, 'requeue'],
  [false, 4, 'requeue'],
  [false, 5, 'give-up'],
] as const)('queued %s after %i requeues: %s', (isQueued, requeues, decision) => {
  expect(decideOverdue(isQueued, requeues)).toBe(decision);
});

describe('work that was asked for long ago', () => {
  const log = createLog('test', 'silent');
  const longAgo = new Date(Date.now() - 3_600_000);
  const lost: Pick<Producer, 'isQueued'> = { isQueued: async () => false };
  const waiting: Pick<Producer, 'isQueued'> = { isQueued: async () => true };
  let database: TestDatabase;
  let db: Db;

  beforeAll(async () => {
    database = await createDatabase();
    db = connectDatabase(database.url, log);
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  /** An asset of a minute ago, its job in the outbox. */
  async function createOldAsset(): Promise<AssetId> {
    const { account_id } = await bootstrapAccount(db);
    const { id: uploadId } = await insertUpload(db, {
      id: newUploadId(),
      account_id,
      status: 'waiting',
      timeout_seconds: 60,
      settings: '{}',
      attempt: 'a',
      created_at: longAgo,
      last_byte_at: longAgo,
    });
    const assetId = await finishUpload(db, { uploadId, attempt: 'a', sizeBytes: 17 });
    await db.updateTable('assets').set({ probe_enqueued_at: longAgo }).where('id', '=', assetId).execute();
    await db.deleteFrom('outbox').execute();
    return assetId;
  }

  const assetOf = (id: AssetId) => db.selectFrom('assets').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const unitsOf = (id: AssetId) => db.selectFrom('units').selectAll().where('asset_id', '=', id).execute();
  const outbox = () => db.selectFrom('outbox').selectAll().execute();

  test('a probe that is still in the queue is left alone, and a lost one asked for again', async () => {
    const id = await createOldAsset();
    await reconcile({ db, producer: waiting, log });
    expect(await assetOf(id)).toMatchObject({ probe_requeues: 0 });
    expect(await outbox()).toEqual([]);

    await db.updateTable('assets').set({ probe_enqueued_at: longAgo }).where('id', '=', id).execute();
    // Two origins at once ask for it once.
    await Promise.all([reconcile({ db, producer: lost, log }), reconcile({ db, producer: lost, log })]);
    expect(await assetOf(id)).toMatchObject({ probe_requeues: 1, status: 'preparing' });
    expect(await outbox()).toMatchObject([{ job: 'probe', payload: { assetId: id } }]);
  });

  test('only units that are not done are asked for again', async () => {
    const id = await createOldAsset();
    const probed = probedOutcome(id);
    await writeOutcome(db, probed, log);
    const [first] = encodedOutcomes(probed);
    if (first === undefined) throw new Error('no unit planned');
    await writeOutcome(db, first, log);
    await db.deleteFrom('outbox').execute();
    await db.updateTable('units').set({ enqueued_at: longAgo }).where('asset_id', '=', id).execute();
    await reconcile({ db, producer: lost, log });
    for (const unit of await unitsOf(id)) expect(unit.requeues).toBe(unit.id === first.unitId ? 0 : 1);
    expect(await outbox()).toHaveLength(probed.units.length - 1);
  });

  test('what is lost again and again ends the asset, once', async () => {
    const id = await createOldAsset();
    await writeOutcome(db, probedOutcome(id), log);
    await db.updateTable('units').set({ requeues: 5, enqueued_at: longAgo }).where('asset_id', '=', id).execute();
    await reconcile({ db, producer: lost, log });
    await reconcile({ db, producer: lost, log });
    expect(await assetOf(id)).toMatchObject({ status: 'errored', error_code: 'worker_lost' });
    const errored = await db
      .selectFrom('events')
      .selectAll()
      .where('asset_id', '=', id)
      .where('type', '=', 'video.asset.errored')
      .execute();
    expect(errored).toHaveLength(1);
  });

  test('a job that the real queue lost comes back, and is then recognised there', async () => {
    const producer = createProducer(`${inject('redisUrl')}/8`, log);
    await vi.waitFor(() => producer.ping(), 10_000);
    const id = await createOldAsset();
    await reconcile({ db, producer, log });
    expect(await assetOf(id)).toMatchObject({ probe_requeues: 1 });
    await relayOutbox({ db, producer, log });
    await db.updateTable('assets').set({ probe_enqueued_at: longAgo }).where('id', '=', id).execute();
    await reconcile({ db, producer, log });
    expect(await assetOf(id)).toMatchObject({ probe_requeues: 1 });
    await producer.close();
  });
});
