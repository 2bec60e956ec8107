import { AppError } from '@mediaflow/shared/errors';
import type { AccountId } from '@mediaflow/shared/ids';
import { lockAsset, updateAsset } from './db/assets.ts';
import { findDeadLetter, markReplayed } from './db/dead-letters.ts';
import { insertOutbox } from './db/outbox.ts';
import type { AssetRow, Db, DeadLetterRow } from './db/schema.ts';
import { reopenTask } from './db/tasks.ts';
import { lockUnit, putBackUnit } from './db/units.ts';
import { finishIfComplete } from './outcome/complete.ts';
import { recordEvent } from './record-event.ts';
import { planUrgentJob } from './work-jobs.ts';

/**
 * Asks once more for work that was given up; an asset that had ended by it goes on. Repeating it is harmless.
 * @throws AppError `not_found` for another account's or no letter; `gone` when the work has no sense any more
 */
export async function replayDeadLetter(db: Db, accountId: AccountId, id: string): Promise<DeadLetterRow> {
  const letter = await findDeadLetter(db, accountId, id);
  if (letter === undefined) throw new AppError('not_found', 'There is no such object.');
  await db.transaction().execute(async (tx) => {
    const asset = await lockAsset(tx, letter.asset_id);
    if (asset === undefined || asset.version !== letter.version) throw new AppError('gone', 'The asset of this job is gone.');
    if (!(await markReplayed(tx, id))) return;
    await reopen(tx, asset, letter);
  });
  return (await findDeadLetter(db, accountId, id)) ?? letter;
}

async function reopen(tx: Db, asset: AssetRow, letter: DeadLetterRow): Promise<void> {
  const workId = letter.work_id ?? '';
  switch (letter.job) {
    case 'encode':
      return reopenUnit(tx, asset, workId);
    case 'urgent':
      return insertOutbox(tx, [planSegment(asset, workId)]);
    case 'analyze':
      throw new AppError('gone', 'The standard ladder has taken the place of this analysis.');
    default:
      if (!(await reopenTask(tx, asset, workId))) throw new AppError('gone', 'This work is not known any more.');
      if (letter.job === 'probe' && asset.timeline === null) await resume(tx, asset);
      if (letter.job === 'measure') await forgetFailure(tx, asset);
  }
}

async function reopenUnit(tx: Db, asset: AssetRow, unitId: string): Promise<void> {
  const unit = await lockUnit(tx, asset, unitId);
  if (unit === undefined) throw new AppError('gone', 'This unit is not known any more.');
  const isWhole = unit.sizes_bytes?.every((size) => size > 0) === true;
  if (!isWhole) await putBackUnit(tx, unit);
  // A viewer's requests may have stored what was missing; nobody would report it again.
  if (!unit.is_extra) await finishIfComplete(tx, await resume(tx, asset));
}

async function resume(tx: Db, asset: AssetRow): Promise<AssetRow> {
  if (asset.status !== 'errored') return asset;
  const resumed = await updateAsset(tx, asset.id, { status: 'preparing', error_code: null, error_message: null });
  await recordEvent(tx, 'video.asset.updated', resumed);
  return resumed;
}

async function forgetFailure(tx: Db, asset: AssetRow): Promise<void> {
  const { isFailed: _, ...quality } = asset.quality ?? {};
  await updateAsset(tx, asset.id, { quality: JSON.stringify(quality) });
}

/** `{rendition}/{number}` as the letter names it. */
function planSegment(asset: AssetRow, workId: string): ReturnType<typeof planUrgentJob> {
  const [renditionId = '', number = ''] = workId.split('/');
  return planUrgentJob(asset, renditionId, Number(number), false);
}
