import type { Log } from '@mediaflow/platform/log';
import type { Producer } from '@mediaflow/platform/queue';
import { encodeJob, probeJob } from '@mediaflow/shared/jobs';
import { sql } from 'kysely';
import { findAsset, findUnprobedAssets, updateAsset } from './db/assets.ts';
import { insertOutbox, type OutboxJob } from './db/outbox.ts';
import type { AssetRow, Db } from './db/schema.ts';
import { findOverdueUnits, markUnitEnqueued } from './db/units.ts';
import { failAsset } from './outcome/write.ts';
import { planEncodeJob, planProbeJob } from './work-jobs.ts';

export interface ReconcileOptions {
  readonly db: Db;
  readonly producer: Pick<Producer, 'isQueued'>;
  readonly log: Log;
}

const OVERDUE_MS = 60_000;
const BATCH = 200;
/** A job that gets lost so often takes its worker down each time. */
const MAX_REQUEUES = 5;
/** One reconciler at a time among all origins; any number no other advisory lock uses. */
const LOCK_ID = 7_306_001;

/** What to do about work that was asked for a while ago and is not done. Pure. */
export function decideOverdue(isQueued: boolean, requeues: number): 'wait' | 'requeue' | 'give-up' {
  if (isQueued) return 'wait';
  return requeues >= MAX_REQUEUES ? 'give-up' : 'requeue';
}

/**
 * Makes Postgres's truth the queue's again: work that neither finished nor is in the queue, because Redis lost it or a
 * worker took it down with it, is asked for once more.
 * @throws AppError `unavailable` when the queue cannot be asked
 */
export async function reconcile({ db, producer, log }: ReconcileOptions): Promise<void> {
  const lost = await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ isMine: boolean }>`select pg_try_advisory_xact_lock(${LOCK_ID}) as "isMine"`.execute(tx);
    if (rows[0]?.isMine !== true) return [];
    const before = new Date(Date.now() - OVERDUE_MS);
    return [...(await reconcileProbes(tx, producer, before)), ...(await reconcileUnits(tx, producer, before))];
  });
  for (const assetId of new Set(lost)) {
    log.error({ assetId }, 'work on the asset was lost too often');
    await failAsset(db, assetId, { code: 'worker_lost', message: 'Processing this file failed repeatedly.' });
  }
}

/** Ids of assets to give up. */
async function reconcileProbes(tx: Db, producer: ReconcileOptions['producer'], before: Date): Promise<readonly AssetRow['id'][]> {
  const lost: AssetRow['id'][] = [];
  for (const asset of await findUnprobedAssets(tx, before, BATCH)) {
    const job = planProbeJob(asset);
    const decision = decideOverdue(await producer.isQueued(probeJob, job.payload), asset.probe_requeues);
    if (decision === 'give-up') lost.push(asset.id);
    else {
      const isRequeue = decision === 'requeue';
      await updateAsset(tx, asset.id, { probe_enqueued_at: new Date(), probe_requeues: asset.probe_requeues + (isRequeue ? 1 : 0) });
      if (isRequeue) await insertOutbox(tx, [job]);
    }
  }
  return lost;
}

async function reconcileUnits(tx: Db, producer: ReconcileOptions['producer'], before: Date): Promise<readonly AssetRow['id'][]> {
  const lost: AssetRow['id'][] = [];
  const jobs: OutboxJob[] = [];
  let asset: AssetRow | undefined;
  for (const row of await findOverdueUnits(tx, before, BATCH)) {
    if (asset?.id !== row.asset_id) asset = await findAsset(tx, row.asset_id);
    if (asset === undefined) continue;
    const job = planEncodeJob(asset, row.unit);
    const decision = decideOverdue(await producer.isQueued(encodeJob, job.payload), row.requeues);
    if (decision === 'give-up') lost.push(asset.id);
    else {
      const isRequeue = decision === 'requeue';
      await markUnitEnqueued(tx, row, row.requeues + (isRequeue ? 1 : 0));
      if (isRequeue) jobs.push(job);
    }
  }
  await insertOutbox(tx, jobs);
  return lost;
}
