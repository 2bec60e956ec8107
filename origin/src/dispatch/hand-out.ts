import type { Unit } from '@mediaflow/shared/units';
import { sql } from 'kysely';
import { insertOutbox } from '../db/outbox.ts';
import type { AssetRow, Db } from '../db/schema.ts';
import { planEncodeJob } from '../work-jobs.ts';
import type { WaitingUnit } from './choose-units.ts';

/** Gives each unit its next fence and asks for its job in the same transaction. */
export async function handOut(tx: Db, units: readonly WaitingUnit[]): Promise<void> {
  const assets = await findAssets(tx, units);
  for (const { assetId, version, id } of units) {
    const asset = assets.get(assetId);
    if (asset === undefined) continue;
    const taken = await takeUnit(tx, { assetId, version, id });
    if (taken !== undefined) await insertOutbox(tx, [planEncodeJob(asset, taken.unit, taken.fence)]);
  }
}

/** Undefined when the unit was finished or taken meanwhile. */
function takeUnit(
  tx: Db,
  { assetId, version, id }: Pick<WaitingUnit, 'assetId' | 'version' | 'id'>,
): Promise<{ unit: Unit; fence: number } | undefined> {
  return tx
    .updateTable('units')
    .set({ fence: sql`fence + 1`, enqueued_at: new Date() })
    .where('asset_id', '=', assetId)
    .where('version', '=', version)
    .where('id', '=', id)
    .where('done_at', 'is', null)
    .where('enqueued_at', 'is', null)
    .returning(['unit', 'fence'])
    .executeTakeFirst();
}

async function findAssets(tx: Db, units: readonly WaitingUnit[]): Promise<ReadonlyMap<string, AssetRow>> {
  const ids = [...new Set(units.map(({ assetId }) => assetId))];
  const rows = await tx.selectFrom('assets').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row]));
}
