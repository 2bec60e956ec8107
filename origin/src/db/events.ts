import type { Asset } from '@mediaflow/shared/api';
import { type AssetEventType, FINAL_ASSET_EVENTS } from '@mediaflow/shared/events';
import type { AccountId, AssetId } from '@mediaflow/shared/ids';
import { sql } from 'kysely';
import { notify } from './changes.ts';
import type { Db, EventRow } from './schema.ts';

/** `asset` is stored as it is to be shown for this event. Call with the asset's row locked. */
export async function insertEvent(db: Db, accountId: AccountId, type: AssetEventType, asset: Asset): Promise<void> {
  await db
    .insertInto('events')
    .values({ account_id: accountId, asset_id: asset.id, type, data: JSON.stringify(asset) })
    .execute();
  await notify(db, { kind: 'asset', assetId: asset.id });
}

/** In order; `after` is the id of the last one already seen. */
export function listEventsAfter(db: Db, assetId: AssetId, after: number, limit: number): Promise<readonly EventRow[]> {
  return db.selectFrom('events').selectAll().where('asset_id', '=', assetId).where('id', '>', after).orderBy('id').limit(limit).execute();
}

/** Id of the last event of any kind, and of the last one that ends a stream; 0 where there is none. */
export async function findLastEventIds(db: Db, assetId: AssetId): Promise<{ readonly last: number; readonly lastFinal: number }> {
  const row = await db
    .selectFrom('events')
    .select([
      sql<number>`coalesce(max(id), 0)`.as('last'),
      sql<number>`coalesce(max(id) filter (where type in (${sql.join([...FINAL_ASSET_EVENTS])})), 0)`.as('lastFinal'),
    ])
    .where('asset_id', '=', assetId)
    .executeTakeFirstOrThrow();
  return row;
}

/**
 * Removes up to `limit` events from before `before`, oldest first, and returns how many. How an asset ended (`ready`,
 * `errored`) is kept as long as the asset: a stream that is opened later still ends with it.
 */
export function deletePassedEvents(db: Db, before: Date, limit: number): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const passed = await tx
      .deleteFrom('events')
      .where('id', 'in', (events) =>
        events
          .selectFrom('events')
          .select('id')
          // As the index `events_passing` has it.
          .where(sql<boolean>`type not in ('video.asset.ready', 'video.asset.errored')`)
          .where('created_at', '<', before)
          .orderBy('created_at')
          .limit(limit)
          .forUpdate()
          .skipLocked(),
      )
      .returning(['asset_id', 'type'])
      .execute();
    const goneAssets = passed.filter(({ type }) => type === 'video.asset.deleted').map(({ asset_id }) => asset_id);
    if (goneAssets.length > 0) await tx.deleteFrom('events').where('asset_id', 'in', goneAssets).execute();
    return passed.length;
  });
}
