import type { AssetEventType } from '@mediaflow/shared/events';
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { deleteAccountAsset } from './asset-changes.ts';
import { findLastEventIds, listEventsAfter } from './db/events.ts';
import type { AssetRow } from './db/schema.ts';
import { keptSince, pruneEvents } from './prune-events.ts';
import { recordEvent } from './record-event.ts';
import { insertTestAsset } from './testing/test-asset.ts';
import { openTestDatabase } from './testing/test-origin.ts';

const DAY_MS = 86_400_000;
const { db, close } = await openTestDatabase();
afterAll(close);

test('two weeks are kept', () => {
  expect(keptSince(new Date('2026-03-15T12:00:00Z'))).toEqual(new Date('2026-03-01T12:00:00Z'));
});

describe('pruning events', () => {
  const longAgo = new Date(Date.now() - 15 * DAY_MS);
  const lately = new Date(Date.now() - 13 * DAY_MS);
  beforeEach(async () => {
    await db.deleteFrom('events').execute();
  });

  async function record(asset: AssetRow, types: readonly AssetEventType[]): Promise<void> {
    for (const type of types) await recordEvent(db, type, asset);
  }
  const age = ({ id }: AssetRow, to: Date) => db.updateTable('events').set({ created_at: to }).where('asset_id', '=', id).execute();
  const typesOf = async ({ id }: AssetRow) => (await listEventsAfter(db, id, 0, 100)).map(({ type }) => type.slice('video.asset.'.length));

  test('removes what is old, and keeps how the asset ended and what is recent', async () => {
    const asset = await insertTestAsset(db);
    await record(asset, ['video.asset.progress', 'video.asset.errored', 'video.asset.progress', 'video.asset.ready']);
    await age(asset, longAgo);
    await record(asset, ['video.asset.updated']);
    const before = await findLastEventIds(db, asset.id);
    await pruneEvents(db);
    expect(await typesOf(asset)).toEqual(['errored', 'ready', 'updated']);
    expect(await findLastEventIds(db, asset.id)).toEqual(before);
  });

  test('leaves what may still be resumed', async () => {
    const asset = await insertTestAsset(db);
    await record(asset, ['video.asset.playable', 'video.asset.progress']);
    await age(asset, lately);
    await pruneEvents(db);
    expect(await typesOf(asset)).toEqual(['created', 'playable', 'progress']);
  });

  test('leaves nothing of an asset that was deleted long ago', async () => {
    const [deleted, other] = [await insertTestAsset(db), await insertTestAsset(db)];
    for (const asset of [deleted, other]) await record(asset, ['video.asset.ready']);
    await deleteAccountAsset(db, deleted.account_id, deleted.id);
    await pruneEvents(db);
    expect(await typesOf(deleted)).toEqual(['created', 'ready', 'deleted']);
    await age(deleted, longAgo);
    await pruneEvents(db);
    expect(await typesOf(deleted)).toEqual([]);
    expect(await typesOf(other)).toEqual(['created', 'ready']);
  });

  test('one run removes all, however much, also in two origins at once', async () => {
    const asset = await insertTestAsset(db);
    await sql`insert into events (account_id, asset_id, type, data, created_at)
      select account_id, asset_id, 'video.asset.progress', data, ${longAgo} from events, generate_series(1, 2500)`.execute(db);
    await Promise.all([pruneEvents(db), pruneEvents(db)]);
    expect(await typesOf(asset)).toEqual(['created']);
  });
});
