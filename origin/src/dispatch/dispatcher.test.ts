import { createLog } from '@mediaflow/platform/log';
import { createProducer, type Producer } from '@mediaflow/platform/queue';
import { encodeJob, encodePayloadSchema } from '@mediaflow/shared/jobs';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import type { AssetRow, Db } from '../db/schema.ts';
import { relayOutbox } from '../outbox.ts';
import { writeOutcome } from '../outcome/write.ts';
import { emptyRedis } from '../testing/empty-redis.ts';
import { type Probed, probedOutcome, SOURCE, storedOutcomes } from '../testing/outcomes.ts';
import { insertTestAsset } from '../testing/test-asset.ts';
import { openTestDatabase } from '../testing/test-origin.ts';
import { createDispatcher } from './dispatcher.ts';
import { listWaitingUnits } from './waiting-units.ts';

const log = createLog('test', 'silent');
const REDIS_URL = `${inject('redisUrl')}/7`;

const { db, close } = await openTestDatabase();
afterAll(close);

/** Two hours of 25 fps. */
const FILM = { ...SOURCE, durationMs: 7_200_000, video: SOURCE.video && { ...SOURCE.video, endMs: 7_200_000 }, audio: [] };

describe('the dispatcher', () => {
  let producer: Producer;

  beforeAll(async () => {
    producer = createProducer(REDIS_URL, log);
    await vi.waitFor(() => producer.ping(), 60_000);
  });
  afterAll(() => producer.close());
  beforeEach(async () => {
    await emptyRedis(REDIS_URL);
    await db.deleteFrom('outbox').execute();
    await db.deleteFrom('units').execute();
  });

  async function insertPlayable(source = SOURCE, accountId?: AssetRow['account_id']): Promise<{ asset: AssetRow; probed: Probed }> {
    const asset = await insertTestAsset(db, accountId === undefined ? {} : { accountId });
    const probed = probedOutcome(asset.id, 1, source);
    await writeOutcome(db, probed, log);
    return { asset, probed };
  }
  /** Encode jobs on their way to the queue, in order. */
  const handedOut = async () => {
    const rows = await db.selectFrom('outbox').select('payload').where('job', '=', 'encode').orderBy('id').execute();
    return rows.map(({ payload }) => encodePayloadSchema.parse(payload));
  };
  const report = ({ assetId, version, unit, fence }: Awaited<ReturnType<typeof handedOut>>[number]) =>
    Promise.all(storedOutcomes({ assetId, version, units: [unit] }, fence).map((outcome) => writeOutcome(db, outcome, log)));

  test('hands out a few units, the earliest first, each with its next fence, and then waits', async () => {
    const { probed } = await insertPlayable();
    const dispatch = createDispatcher({ db, producer });
    expect(await dispatch()).toBe(2);
    // They are on their way to the queue: no room is left.
    expect(await dispatch()).toBe(0);
    const jobs = await handedOut();
    expect(jobs.map(({ unit }) => unit.firstSegment)).toEqual([0, 0]);
    for (const { unit, fence, renditions } of jobs) {
      expect(fence).toBe(1);
      expect(renditions.map(({ id }) => id)).toEqual(unit.renditionIds);
      expect(probed.units).toContainEqual(unit);
    }
    await relayOutbox({ db, producer, log });
    expect(await producer.countJobs(encodeJob)).toMatchObject({ waiting: 2 });
    expect(await dispatch()).toBe(0);
  });

  test('two at once hand out every unit once', async () => {
    await insertPlayable();
    await Promise.all([createDispatcher({ db, producer })(), createDispatcher({ db, producer })(), createDispatcher({ db, producer })()]);
    const ids = (await handedOut()).map(({ unit }) => unit.id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });

  test('the whole of an asset goes through, with no unit left and none twice', async () => {
    const { asset, probed } = await insertPlayable();
    const dispatch = createDispatcher({ db, producer });
    const seen: string[] = [];
    for (let round = 0; round < probed.units.length && (await dispatch()) > 0; round += 1) {
      for (const job of await handedOut()) {
        seen.push(job.unit.id);
        await report(job);
      }
      await db.deleteFrom('outbox').execute();
    }
    expect(seen.toSorted()).toEqual(probed.units.map(({ id }) => id).toSorted());
    expect(await db.selectFrom('assets').select('status').where('id', '=', asset.id).executeTakeFirst()).toEqual({ status: 'ready' });
  });

  test("another tenant's clip starts within two job lengths, however long the queue of a film is", async () => {
    const film = await insertPlayable(FILM);
    expect(film.probed.units.length).toBeGreaterThan(800);
    // Two workers: two units active, as many waiting.
    const active: Awaited<ReturnType<typeof handedOut>> = [];
    const queue: typeof active = [];
    const dispatch = createDispatcher({
      db,
      producer: { countJobs: async () => ({ waiting: queue.length, delayed: 0, active: active.length }) },
    });
    const takeTurn = async (): Promise<void> => {
      for (const job of active.splice(0)) await report(job);
      active.push(...queue.splice(0, 2));
      await dispatch();
      queue.push(...(await handedOut()));
      await db.deleteFrom('outbox').execute();
    };
    for (let turn = 0; turn < 3; turn += 1) await takeTurn();
    expect([active.length, queue.length]).toEqual([2, 2]);
    const clip = await insertPlayable();
    await takeTurn();
    await takeTurn();
    expect(active.map(({ assetId }) => assetId)).toContain(clip.asset.id);
  });

  test('more tenants than places all get on', async () => {
    const assets = await Promise.all(Array.from({ length: 6 }, () => insertPlayable()));
    const dispatch = createDispatcher({ db, producer: { countJobs: async () => ({ waiting: 0, delayed: 0, active: 0 }) } });
    const served: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      await dispatch();
      for (const job of await handedOut()) {
        served.push(job.assetId);
        await report(job);
      }
      await db.deleteFrom('outbox').execute();
    }
    expect(served.toSorted()).toEqual(assets.map(({ asset }) => asset.id).toSorted());
  });

  test('units of an errored asset wait for nothing, those of a ready one for their turn', async () => {
    const errored = await insertPlayable();
    const ready = await insertPlayable();
    await db.updateTable('assets').set({ status: 'errored' }).where('id', '=', errored.asset.id).execute();
    await db.updateTable('assets').set({ status: 'ready' }).where('id', '=', ready.asset.id).execute();
    await createDispatcher({ db, producer })();
    expect(new Set((await handedOut()).map(({ assetId }) => assetId))).toEqual(new Set([ready.asset.id]));
  });

  test('100,000 waiting units are not read to find the next two', async () => {
    const { asset } = await insertPlayable();
    for (let first = 1_000; first < 101_000; first += 10_000) {
      await sql`
        insert into units (asset_id, version, id, unit, position)
        select ${asset.id}, 1, 'v720.' || n || '-' || n, '{}', n from generate_series(${first}::int, ${first + 9_999}::int) as n`.execute(
        db,
      );
    }
    const other = await insertPlayable();
    const waiting = await listWaitingUnits(db, 2);
    expect(waiting.map(({ assetId }) => assetId).toSorted()).toEqual([asset.id, asset.id, other.asset.id, other.asset.id].toSorted());
    await db.connection().execute(async (connection) => {
      const before = await countRead(connection);
      await listWaitingUnits(connection, 2);
      expect((await countRead(connection)) - before).toBeLessThan(100);
    });
  });
});

/** Rows and index entries of `units` that this connection has read so far. */
async function countRead(connection: Db): Promise<number> {
  // A connection's counts show once it hands them in.
  await sql`select pg_stat_force_next_flush()`.execute(connection);
  const { rows } = await sql<{ count: number }>`
    select (select sum(idx_tup_read) from pg_stat_user_indexes where relname = 'units')::int
      + (select seq_tup_read from pg_stat_user_tables where relname = 'units')::int as count`.execute(connection);
  return rows[0]?.count ?? Number.NaN;
}
