import { updateAsset } from '../db/assets.ts';
import { notify } from '../db/changes.ts';
import type { AssetRow, Db, UnitRow } from '../db/schema.ts';
import { hasUndoneUnits, lockUnit, lockUnitOf, writeSizes } from '../db/units.ts';
import { storedPercent } from '../present/progress.ts';
import { recordEvent } from '../record-event.ts';
import { finishIfComplete } from './complete.ts';
import type { OutcomeOf } from './decide.ts';
import { fillUnit, placeOf } from './fill-unit.ts';
import { publishMeasured } from './publish.ts';

/**
 * Notes which segments are stored, whoever made them: a unit whose fence has grown meanwhile, a viewer's request, both.
 * Only those that nobody reported before count.
 */
export async function writeStored(tx: Db, asset: AssetRow, outcome: OutcomeOf<'stored'>): Promise<void> {
  let newCount = 0;
  let isExtraDone = false;
  for (const row of await lockUnits(tx, asset, outcome)) {
    const filled = fillUnit(row, outcome.segments);
    if (filled.newCount === 0) continue;
    const isDone = filled.isWhole && row.done_at === null;
    await writeSizes(tx, row, { ...filled, isDone });
    if (row.is_extra) isExtraDone ||= isDone;
    else newCount += filled.newCount;
  }
  if (outcome.unit !== undefined) await notify(tx, { kind: 'units' });
  if (isExtraDone) await listSecondCodec(tx, asset);
  if (newCount === 0) return;

  const stored = await updateAsset(tx, asset.id, {
    stored_segments: asset.stored_segments + newCount,
    pictures_total: asset.pictures_total + (outcome.pictures?.total ?? 0),
    pictures_damaged: asset.pictures_damaged + (outcome.pictures?.damaged ?? 0),
  });
  await recordProgress(tx, asset, stored);
  await finishIfComplete(tx, stored);
}

/** One event for each per cent at most, so that a long film does not write thousands. */
export async function recordProgress(tx: Db, before: AssetRow, after: AssetRow): Promise<void> {
  if (after.status === 'preparing' && storedPercent(after) > storedPercent(before)) await recordEvent(tx, 'video.asset.progress', after);
}

/** A ready asset offers its second codec once all of it is stored; one in preparation, when it becomes ready. */
async function listSecondCodec(tx: Db, asset: AssetRow): Promise<void> {
  if (asset.status === 'ready' && !(await hasUndoneUnits(tx, asset, true))) await publishMeasured(tx, asset);
}

/** The units that hold the reported segments; segments that no unit was planned for are passed over. */
async function lockUnits(tx: Db, asset: AssetRow, { unit, segments }: OutcomeOf<'stored'>): Promise<readonly UnitRow[]> {
  const rows: UnitRow[] = [];
  const own = unit === undefined ? undefined : await lockUnit(tx, asset, unit.id);
  if (own !== undefined) rows.push(own);
  for (const { renditionId, firstSegment, sizesBytes } of segments) {
    for (let number = firstSegment; number < firstSegment + sizesBytes.length; number += 1) {
      if (rows.some((row) => placeOf(row.unit, renditionId, number) !== undefined)) continue;
      const holder = await lockUnitOf(tx, asset, renditionId, number);
      if (holder !== undefined) rows.push(holder);
    }
  }
  return rows;
}
