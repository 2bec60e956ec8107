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
  const isDoneNow = { owed: false, extra: false };
  for (const row of await lockUnits(tx, asset, outcome)) {
    const filled = fillUnit(row, outcome.segments);
    const isDone = filled.isWhole && row.done_at === null;
    if (filled.newCount === 0 && !isDone) continue;
    await writeSizes(tx, row, { ...filled, isDone });
    isDoneNow[row.is_extra ? 'extra' : 'owed'] ||= isDone;
    if (!row.is_extra) newCount += filled.newCount;
  }
  if (outcome.unit !== undefined) await notify(tx, { kind: 'units' });
  if (isDoneNow.extra) await listSecondCodec(tx, asset);
  const stored = newCount === 0 ? asset : await countStored(tx, asset, newCount, outcome);
  if (newCount > 0 || isDoneNow.owed) await finishIfComplete(tx, stored);
}

async function countStored(tx: Db, asset: AssetRow, newCount: number, { pictures }: OutcomeOf<'stored'>): Promise<AssetRow> {
  const stored = await updateAsset(tx, asset.id, {
    stored_segments: asset.stored_segments + newCount,
    pictures_total: asset.pictures_total + (pictures?.total ?? 0),
    pictures_damaged: asset.pictures_damaged + (pictures?.damaged ?? 0),
  });
  await recordProgress(tx, asset, stored);
  return stored;
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
