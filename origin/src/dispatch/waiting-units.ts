import { sql } from 'kysely';
import type { Db } from '../db/schema.ts';
import type { AssetInFlight, WaitingUnit } from './choose-units.ts';

/**
 * The first `perAsset` waiting units of every asset that has some. The recursion steps from asset to asset through the
 * partial index `units_waiting` ("loose index scan"), so 100,000 waiting units of one film cost no more than two.
 */
export async function listWaitingUnits(db: Db, perAsset: number): Promise<readonly WaitingUnit[]> {
  const { rows } = await sql<WaitingUnit>`
    with recursive waiting as (
      (select asset_id, version from units where done_at is null and enqueued_at is null order by asset_id, version limit 1)
      union all
      select next.asset_id, next.version from waiting, lateral (
        select asset_id, version from units
        where done_at is null and enqueued_at is null and (asset_id, version) > (waiting.asset_id, waiting.version)
        order by asset_id, version limit 1
      ) next
    )
    select assets.account_id as "accountId", assets.id as "assetId", assets.version, first.id, first.position, first.is_extra as "isExtra"
    from waiting
    join assets on assets.id = waiting.asset_id and assets.version = waiting.version and assets.status in ('preparing', 'ready')
    cross join lateral (
      select id, position, is_extra from units
      where asset_id = waiting.asset_id and version = waiting.version and done_at is null and enqueued_at is null
      order by position limit ${perAsset}
    ) first`.execute(db);
  return rows;
}

/** By asset; those of errored assets will never be finished and count for nothing. */
export async function listInFlight(db: Db): Promise<readonly AssetInFlight[]> {
  const { rows } = await sql<AssetInFlight>`
    select assets.account_id as "accountId", assets.id as "assetId", count(*) as count
    from units
    join assets on assets.id = units.asset_id and assets.version = units.version and assets.status in ('preparing', 'ready')
    where units.done_at is null and units.enqueued_at is not null
    group by assets.account_id, assets.id`.execute(db);
  return rows;
}
