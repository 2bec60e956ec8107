import type { NewAssetSettings } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import type { AccountId, AssetId } from '@mediaflow/shared/ids';
import { deleteAsset, lockAsset, updateAsset } from './db/assets.ts';
import { insertOutbox, type OutboxJob } from './db/outbox.ts';
import type { AssetRow, Db } from './db/schema.ts';
import { jobOf, listUndoneTasks } from './db/tasks.ts';
import { listUnitsInFlight } from './db/units.ts';
import { recordEvent } from './record-event.ts';
import { revokeDeleted } from './revocation-changes.ts';
import { planEncodeJob, planPurgeJob } from './work-jobs.ts';

export type AssetPatch = Pick<NewAssetSettings, 'passthrough' | 'meta'>;

/** Runs `change` on an account's asset with its row locked. @throws AppError `not_found` */
export function changeAsset<T>(db: Db, accountId: AccountId, id: AssetId, change: (tx: Db, asset: AssetRow) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    const asset = await lockAsset(tx, id);
    if (asset?.account_id !== accountId) throw new AppError('not_found', 'There is no such object.');
    return change(tx, asset);
  });
}

/**
 * No row is left by which the reconciler would know of a purge that a queue forgot, or of a segment that a worker which was frozen or killed
 * stored after it and never reported. By then any attempt of the work that was under way has ended (26 minutes in an outage).
 */
const PURGE_AGAIN_SECONDS = 3_600;

/** Fields that the patch leaves out stay as they are. */
export function patchAsset(db: Db, accountId: AccountId, id: AssetId, patch: AssetPatch): Promise<AssetRow> {
  return changeAsset(db, accountId, id, async (tx, asset) => {
    const patched = await updateAsset(tx, id, {
      passthrough: patch.passthrough ?? asset.passthrough,
      meta: JSON.stringify({ ...asset.meta, ...patch.meta }),
    });
    await recordEvent(tx, 'video.asset.updated', patched);
    return patched;
  });
}

/**
 * Gone from the API at once, and its sessions with it; its objects follow by a job, and work under way is ignored when it reports.
 *
 * @returns the work that was asked for and may still wait in the queue
 */
export function deleteAccountAsset(db: Db, accountId: AccountId, id: AssetId): Promise<readonly OutboxJob[]> {
  return changeAsset(db, accountId, id, async (tx, asset) => {
    const work = await listWorkInFlight(tx, asset);
    await recordEvent(tx, 'video.asset.deleted', asset);
    await insertOutbox(tx, [planPurgeJob(asset)]);
    await insertOutbox(tx, [planPurgeJob(asset)], PURGE_AGAIN_SECONDS);
    await deleteAsset(tx, id);
    await revokeDeleted(tx, accountId, { type: 'asset', id });
    return work;
  });
}

async function listWorkInFlight(tx: Db, asset: AssetRow): Promise<readonly OutboxJob[]> {
  const tasks = await listUndoneTasks(tx, asset);
  const units = await listUnitsInFlight(tx, asset);
  return [...tasks.map(jobOf), ...units.map(({ unit, fence }) => planEncodeJob(asset, unit, fence))];
}
