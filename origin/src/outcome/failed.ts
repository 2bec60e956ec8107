import { createHash } from 'node:crypto';
import type { Log } from '@mediaflow/platform/log';
import { outcomeJob } from '@mediaflow/shared/jobs';
import { updateAsset } from '../db/assets.ts';
import { insertDeadLetter } from '../db/dead-letters.ts';
import type { AssetRow, Db, TaskRow, UnitRow } from '../db/schema.ts';
import { giveUpUnit, lockUnit } from '../db/units.ts';
import { writeFallback } from './analyzed.ts';
import { endAsset } from './complete.ts';
import { decideFailure, type Failure, type FailureDecision, taskOf } from './decide.ts';
import { dropText } from './text.ts';

/** @param task the one that this failure ended, if any */
export async function writeFailed(tx: Db, asset: AssetRow, failure: Failure, task: TaskRow | undefined, log: Log): Promise<void> {
  const unit = failure.unitId === undefined ? undefined : await lockUnit(tx, asset, failure.unitId);
  const decision = decideFailure(failure, asset, { unit, isTaskOpen: task !== undefined });
  if (decision.action === 'ignore') {
    log.info({ assetId: asset.id, job: failure.job, reason: decision.reason }, 'failure ignored');
    return;
  }
  log.error(
    { assetId: asset.id, job: failure.job, unitId: failure.unitId, error: failure.error, decision: decision.action },
    'job given up',
  );
  await insertDeadLetter(tx, {
    id: deadLetterId(failure),
    account_id: asset.account_id,
    asset_id: asset.id,
    version: asset.version,
    job: failure.job,
    work_id: workIdOf(failure) ?? null,
    attempts: failure.attempts ?? null,
    error: JSON.stringify(failure.error),
    created_at: new Date(),
  });
  await act(tx, asset, failure, decision, unit);
}

async function act(tx: Db, asset: AssetRow, failure: Failure, decision: FailureDecision, unit: UnitRow | undefined): Promise<void> {
  switch (decision.action) {
    case 'end-asset':
      return endAsset(tx, asset, decision);
    case 'give-up-unit':
      if (unit !== undefined) await giveUpUnit(tx, unit);
      return;
    case 'drop-text':
      return dropText(tx, asset, failure.renditionId ?? '');
    case 'fall-back':
      return writeFallback(tx, asset);
    case 'give-up-comparison':
      await updateAsset(tx, asset.id, { quality: JSON.stringify({ ...asset.quality, isFailed: true }) });
      return;
    case 'ignore':
    case 'note':
      return;
  }
}

/** From the work itself: the same failure reported twice is one letter. 32 hex digits, as every id. */
const deadLetterId = (failure: Failure): string => createHash('sha256').update(outcomeJob.key(failure)).digest('hex').slice(0, 32);

/** What a replay has to ask for: a unit, a task, or `{rendition}/{number}` of an urgent segment. */
function workIdOf(failure: Failure): string | undefined {
  if (failure.job === 'encode') return failure.unitId;
  if (failure.job === 'urgent') return `${failure.renditionId}/${failure.number}`;
  return taskOf(failure);
}
