import { findAssets } from '../db/assets.ts';
import { insertOutbox } from '../db/outbox.ts';
import type { Db } from '../db/schema.ts';
import { takeUnit } from '../db/units.ts';
import { planEncodeJob } from '../work-jobs.ts';
import type { WaitingUnit } from './choose-units.ts';

/** Gives each unit its next fence and asks for its job in the same transaction. */
export async function handOut(tx: Db, units: readonly WaitingUnit[]): Promise<void> {
  const rows = await findAssets(tx, [...new Set(units.map(({ assetId }) => assetId))]);
  const assets = new Map(rows.map((row) => [row.id, row]));
  for (const { assetId, version, id } of units) {
    const asset = assets.get(assetId);
    if (asset === undefined) continue;
    const taken = await takeUnit(tx, { asset_id: assetId, version, id });
    if (taken !== undefined) await insertOutbox(tx, [planEncodeJob(asset, taken.unit, taken.fence)]);
  }
}
