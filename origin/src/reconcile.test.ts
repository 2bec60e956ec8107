import { createLog } from '@mediaflow/platform/log';
import { createProducer, type Producer } from '@mediaflow/platform/queue';
import { encodeJob, probeJob } from '@mediaflow/shared/jobs';
import { afterAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { AssetRow } from './db/schema.ts';
import { createDispatcher } from './dispatch/dispatcher.ts';
import { relayOutbox } from './outbox.ts';
import { decideOverdue, RECONCILE_EVERY_MS, reconcile } from './reconcile.ts';
import { emptyRedis } from './testing/empty-redis.ts';
import { openOutcomeDatabase } from './testing/outcome-database.ts';
import { type Probed, probedOutcome, SOURCE, storedOutcomes } from './testing/outcomes.ts';
import { insertTestAsset } from './testing/test-asset.ts';
import { planEncodeJob, planProbeJob } from './work-jobs.ts';

test.each([
  [true, 0, 'wait'],
  [true, 5, 'wait'],
  [false, 0, 'requeue'],
  [false, 4, 'requeue'],
  [false, 5, 'give-up'],
] as const)('queued %s after %i requeues: %s', (isQueued, requeues, decision) => {
  expect(decideOverdue(isQueued, requeues)).toBe(decision);
});

const { db, write, insertPlayable, handOutAll, rowOf, unitsOf, lettersOf, eventsOf, close } = await openOutcomeDatabase();
afterAll(close);

describe('work that was asked for long ago', () => {
  const log = createLog('test', 'silent');
  const longAgo = new Date(Date.now() - 3_600_000);
  const lost: Pick<Producer, 'isQueued'> = { isQueued: async () => false };
  const waiting: Pick<Producer, 'isQueued'> = { isQueued: async () => true };
  beforeEach(async () => {
    await db.deleteFrom('units').execute();
    await db.deleteFrom('tasks').execute();
    await db.deleteFrom('outbox').execute();
  });

  /** Makes everything of an asset that is in flight look as if asked for an hour ago. */
  async function age({ id }: AssetRow): Promise<void> {
    await db.updateTable('tasks').set({ enqueued_at: longAgo }).where('asset_id', '=', id).execute();
    await db.updateTable('units').set({ enqueued_at: longAgo }).where('asset_id', '=', id).where('enqueued_at', 'is not', null).execute();
    await db.deleteFrom('outbox').execute();
  }
  async function insertOld(): Promise<AssetRow> {
    const asset = await insertTestAsset(db);
    await age(asset);
    return asset;
  }
  /** With all its units handed out. */
  async function insertEncoding(): Promise<{ asset: AssetRow; probed: Probed }> {
    const { asset, probed } = await insertPlayable();
    await handOutAll(asset, longAgo);
    await db.updateTable('tasks').set({ done_at: new Date() }).where('asset_id', '=', asset.id).execute();
    await db.deleteFrom('outbox').execute();
    return { asset, probed };
  }

  const taskOf = ({ id }: AssetRow, task: string) =>
    db.selectFrom('tasks').selectAll().where('asset_id', '=', id).where('id', '=', task).executeTakeFirstOrThrow();
  const outbox = () => db.selectFrom('outbox').selectAll().execute();

  test('a task that is still in the queue is left alone, and a lost one asked for again', async () => {
    const asset = await insertOld();
    await reconcile({ db, producer: waiting, log });
    expect(await taskOf(asset, 'probe')).toMatchObject({ requeues: 0 });
    expect(await outbox()).toEqual([]);

    await age(asset);
    // Two origins at once ask for it once.
    await Promise.all([reconcile({ db, producer: lost, log }), reconcile({ db, producer: lost, log })]);
    expect(await taskOf(asset, 'probe')).toMatchObject({ requeues: 1 });
    expect(await outbox()).toMatchObject([{ job: 'probe', payload: { assetId: asset.id } }]);
  });

  test('units that are lost wait for their turn again, and are handed out under another fence', async () => {
    const { asset, probed } = await insertEncoding();
    const [first] = storedOutcomes(probed);
    if (first === undefined) throw new Error('no unit planned');
    await write(first);
    await reconcile({ db, producer: lost, log });
    for (const unit of await unitsOf(asset)) {
      if (unit.id === first.unit?.id) expect(unit).toMatchObject({ requeues: 0, done_at: expect.any(Date) });
      else expect(unit).toMatchObject({ requeues: 1, enqueued_at: null, fence: 1 });
    }
    await createDispatcher({ db, producer: { countJobs: async () => ({ waiting: 0, delayed: 0, active: 0 }) } })();
    expect(await outbox()).toMatchObject([
      { job: 'encode', payload: { fence: 2 } },
      { job: 'encode', payload: { fence: 2 } },
    ]);
  });

  test('units that are finished while the queue is asked for them stay finished', async () => {
    const { asset, probed } = await insertEncoding();
    const outcomes = [...storedOutcomes(probed)];
    const finishing: Pick<Producer, 'isQueued'> = {
      isQueued: async () => {
        for (const outcome of outcomes.splice(0)) await write(outcome);
        return false;
      },
    };
    await reconcile({ db, producer: finishing, log });
    expect(await rowOf(asset)).toMatchObject({ status: 'ready' });
    for (const unit of await unitsOf(asset)) expect(unit).toMatchObject({ requeues: 0, done_at: expect.any(Date) });
  });

  test('units that wait in the queue, however long, keep their fence', async () => {
    const { asset } = await insertEncoding();
    await reconcile({ db, producer: waiting, log });
    for (const unit of await unitsOf(asset)) {
      expect(unit).toMatchObject({ requeues: 0, fence: 1, enqueued_at: expect.any(Date) });
      expect(unit.enqueued_at?.getTime()).toBeGreaterThan(longAgo.getTime());
    }
  });

  test('a unit that is lost again and again ends the asset, once, and leaves a dead letter', async () => {
    const { asset } = await insertEncoding();
    await db.updateTable('units').set({ requeues: 5 }).where('asset_id', '=', asset.id).execute();
    await reconcile({ db, producer: lost, log });
    await reconcile({ db, producer: lost, log });
    expect(await rowOf(asset)).toMatchObject({ status: 'errored', error_code: 'worker_lost' });
    expect((await eventsOf(asset)).filter((type) => type === 'errored')).toHaveLength(1);
    expect(await lettersOf(asset)).toMatchObject([{ job: 'encode', attempts: 6, error: { code: 'worker_lost' } }]);
  });

  test('a task that is lost again and again is given up as if it had failed', async () => {
    const asset = await insertOld();
    await db.updateTable('tasks').set({ requeues: 5 }).where('asset_id', '=', asset.id).execute();
    await reconcile({ db, producer: lost, log });
    expect(await rowOf(asset)).toMatchObject({ status: 'errored', error_code: 'worker_lost' });
    expect(await taskOf(asset, 'probe')).toMatchObject({ done_at: expect.any(Date) });
  });

  test('a unit of the second codec that is given up is not asked for for ever', async () => {
    const { asset } = await insertPlayable(({ id }) => probedOutcome(id, 1, SOURCE, { secondCodec: 'av1' }));
    await db.updateTable('tasks').set({ done_at: new Date() }).execute();
    await db
      .updateTable('units')
      .set({ fence: 6, requeues: 5, enqueued_at: longAgo })
      .where('asset_id', '=', asset.id)
      .where('is_extra', '=', true)
      .execute();
    await reconcile({ db, producer: lost, log });
    expect(await rowOf(asset)).toMatchObject({ status: 'preparing' });
    const extras = (await unitsOf(asset)).filter(({ is_extra }) => is_extra);
    expect(extras.every(({ done_at }) => done_at !== null)).toBe(true);
  });

  test('one run sees to all that was lost, however much', async () => {
    const asset = await insertTestAsset(db);
    await db.deleteFrom('tasks').execute();
    await db.deleteFrom('outbox').execute();
    const { job, payload } = planProbeJob(asset);
    const task = { asset_id: asset.id, version: 1, job, payload: JSON.stringify(payload), enqueued_at: longAgo };
    await db
      .insertInto('tasks')
      .values(Array.from({ length: 450 }, (_, number) => ({ ...task, id: `probe_${number}` })))
      .execute();
    await reconcile({ db, producer: lost, log });
    expect(await outbox()).toHaveLength(450);
  });

  test('a task that no longer parses keeps none from being looked after', async () => {
    const [malformed, asset] = [await insertOld(), await insertOld()];
    const older = new Date(longAgo.getTime() - 1_000);
    await db.updateTable('tasks').set({ payload: '{}', enqueued_at: older }).where('asset_id', '=', malformed.id).execute();
    await reconcile({ db, producer: lost, log });
    expect(await taskOf(asset, 'probe')).toMatchObject({ requeues: 1 });
    const left = await taskOf(malformed, 'probe');
    expect(left).toMatchObject({ requeues: 0, done_at: null });
    expect(left.enqueued_at.getTime()).toBeGreaterThan(longAgo.getTime());
  });

  test('nothing is judged while the queue cannot be asked', async () => {
    const asset = await insertOld();
    const away: Pick<Producer, 'isQueued'> = { isQueued: () => Promise.reject(new Error('Redis is away')) };
    await expect(reconcile({ db, producer: away, log })).rejects.toThrow('Redis is away');
    expect(await taskOf(asset, 'probe')).toMatchObject({ requeues: 0, enqueued_at: longAgo });
  });

  test('everything that a queue forgot is back, and is then recognised there', async () => {
    const redisUrl = `${inject('redisUrl')}/8`;
    const producer = createProducer(redisUrl, log);
    await expect.poll(() => producer.ping().then(() => 'pong')).toBe('pong');
    const unprobed = await insertOld();
    const { asset } = await insertPlayable();
    const dispatch = createDispatcher({ db, producer });
    await dispatch();
    await relayOutbox({ db, producer, log });
    const handedOut = (await unitsOf(asset)).filter(({ enqueued_at }) => enqueued_at !== null);
    expect(handedOut).toHaveLength(2);

    await emptyRedis(redisUrl);
    await age(unprobed);
    await age(asset);
    await reconcile({ db, producer, log });
    await dispatch();
    await relayOutbox({ db, producer, log });
    expect(await producer.isQueued(probeJob, planProbeJob(unprobed).payload)).toBe(true);
    const playable = await rowOf(asset);
    for (const { unit } of handedOut) expect(await producer.isQueued(encodeJob, planEncodeJob(playable, unit, 2).payload)).toBe(true);

    await age(unprobed);
    await age(asset);
    await reconcile({ db, producer, log });
    expect(await taskOf(unprobed, 'probe')).toMatchObject({ requeues: 1 });
    for (const { requeues } of await unitsOf(asset)) expect(requeues).toBeLessThanOrEqual(1);
    expect(await outbox()).toEqual([]);
    await producer.close();
  });

  test('one run after another finds what was lost within a minute', async () => {
    const asset = await insertOld();
    const justOverdue = new Date(Date.now() - (60_000 - RECONCILE_EVERY_MS));
    await db.updateTable('tasks').set({ enqueued_at: justOverdue }).where('asset_id', '=', asset.id).execute();
    await reconcile({ db, producer: lost, log });
    expect(await taskOf(asset, 'probe')).toMatchObject({ requeues: 1 });
  });
});
