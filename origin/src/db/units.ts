import type { AssetId } from '@mediaflow/shared/ids';
import type { Unit } from '@mediaflow/shared/units';
import { sql } from 'kysely';
import type { Db, UnitRow } from './schema.ts';

/** Postgres takes 65,535 parameters a statement; a row has five. */
const ROWS_PER_INSERT = 5_000;

export async function insertUnits(db: Db, assetId: AssetId, version: number, units: readonly Unit[]): Promise<void> {
  const enqueuedAt = new Date();
  for (let first = 0; first < units.length; first += ROWS_PER_INSERT) {
    const rows = units
      .slice(first, first + ROWS_PER_INSERT)
      .map((unit) => ({ asset_id: assetId, version, id: unit.id, unit: JSON.stringify(unit), enqueued_at: enqueuedAt }));
    await db.insertInto('units').values(rows).execute();
  }
}

/** The unit if this call is the one that finished it; undefined when it was done before, or never planned. */
export async function markUnitDone(db: Db, assetId: AssetId, version: number, unitId: string): Promise<Unit | undefined> {
  const row = await db
    .updateTable('units')
    .set({ done_at: new Date() })
    .where('asset_id', '=', assetId)
    .where('version', '=', version)
    .where('id', '=', unitId)
    .where('done_at', 'is', null)
    .returning('unit')
    .executeTakeFirst();
  return row?.unit;
}

export async function hasUndoneUnits(db: Db, assetId: AssetId, version: number): Promise<boolean> {
  const row = await db
    .selectFrom('units')
    .select(sql`1`.as('one'))
    .where('asset_id', '=', assetId)
    .where('version', '=', version)
    .where('done_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Undone units of assets in preparation that were asked for before `before`, the longest waiting first. */
export function findOverdueUnits(db: Db, before: Date, limit: number): Promise<readonly UnitRow[]> {
  return db
    .selectFrom('units')
    .innerJoin('assets', (join) => join.onRef('assets.id', '=', 'units.asset_id').onRef('assets.version', '=', 'units.version'))
    .selectAll('units')
    .where('assets.status', '=', 'preparing')
    .where('units.done_at', 'is', null)
    .where('units.enqueued_at', '<', before)
    .orderBy('units.enqueued_at')
    .limit(limit)
    .execute();
}

/** Notes that the unit is in the queue now, and whether it had to be put there again. */
export async function markUnitEnqueued(db: Db, row: UnitRow, requeues: number): Promise<void> {
  await db
    .updateTable('units')
    .set({ enqueued_at: new Date(), requeues })
    .where('asset_id', '=', row.asset_id)
    .where('version', '=', row.version)
    .where('id', '=', row.id)
    .where('done_at', 'is', null)
    .execute();
}
