import type { Log } from '@mediaflow/platform/log';
import type { Producer } from '@mediaflow/platform/queue';
import { encodeJob } from '@mediaflow/shared/jobs';
import { ZodError } from 'zod';
import { tryLock } from './db/advisory-lock.ts';
import { findAsset } from './db/assets.ts';
import { insertOutbox } from './db/outbox.ts';
import type { AssetRow, Db, TaskRow, UnitRow } from './db/schema.ts';
import { findOverdueTasks, jobOf, markTaskEnqueued } from './db/tasks.ts';
import { findOverdueUnits, markUnitQueued, putBackLostUnit } from './db/units.ts';
import type { Failure } from './outcome/decide.ts';
import { toLostTask, toLostUnit } from './outcome/lost-work.ts';
import { writeOutcome } from './outcome/write.ts';
import { withDefinition } from './work-definition.ts';
import { planEncodeJob } from './work-jobs.ts';

export interface ReconcileOptions {
  readonly db: Db;
  readonly producer: Pick<Producer, 'isQueued'>;
  readonly log: Log;
}

/** With this and the time between two runs, what a queue forgot is back within 60 s. */
const OVERDUE_MS = 30_000;
export const RECONCILE_EVERY_MS = 15_000;
const BATCH = 200;
/** A run ends some time, whatever it finds. */
const MAX_BATCHES = 100;
/** A job that gets lost so often takes its worker down each time. */
const MAX_REQUEUES = 5;

/** What to do about work that was asked for a while ago and is not done. Pure. */
export function decideOverdue(isQueued: boolean, requeues: number): 'wait' | 'requeue' | 'give-up' {
  if (isQueued) return 'wait';
  return requeues >= MAX_REQUEUES ? 'give-up' : 'requeue';
}

/**
 * Makes Postgres's truth the queue's again: work that neither finished nor is in the queue, because Redis lost it or a
 * worker took it down with it, is asked for once more. Units go back to wait for their turn, and take a new fence then.
 * @throws AppError `unavailable` when the queue cannot be asked
 */
export async function reconcile(options: ReconcileOptions): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const seen = await reconcileBatch(options);
    if (seen < BATCH) return;
  }
}

/** How many units, or tasks where those were more, were looked at. */
async function reconcileBatch({ db, producer, log }: ReconcileOptions): Promise<number> {
  const { lost, seen } = await db.transaction().execute(async (tx) => {
    if (!(await tryLock(tx, 'reconciler'))) return { lost: [], seen: 0 };
    const before = new Date(Date.now() - OVERDUE_MS);
    const tasks = await findOverdueTasks(tx, before, BATCH);
    const units = await findOverdueUnits(tx, before, BATCH);
    const failures = [...(await reconcileTasks(tx, { producer, log }, tasks)), ...(await reconcileUnits(tx, producer, units))];
    return { lost: failures, seen: Math.max(tasks.length, units.length) };
  });
  for (const failure of lost) await writeOutcome(db, failure, log);
  return seen;
}

/** What to give up. */
async function reconcileTasks(tx: Db, options: Omit<ReconcileOptions, 'db'>, tasks: readonly TaskRow[]): Promise<readonly Failure[]> {
  const lost: Failure[] = [];
  for (const task of tasks) {
    const decision = decideOverdue(await isTaskQueued(task, options), task.requeues);
    if (decision === 'give-up') lost.push(toLostTask(task));
    else await askAgain(tx, task, decision === 'requeue');
  }
  return lost;
}

async function isTaskQueued({ job, payload, asset_id, id }: TaskRow, { producer, log }: Omit<ReconcileOptions, 'db'>): Promise<boolean> {
  try {
    return await withDefinition(job, payload, (definition, parsed) => producer.isQueued(definition, parsed));
  } catch (err) {
    if (!(err instanceof ZodError)) throw err;
    // As in the outbox, it waits for a person, but not in front of the others.
    log.error({ err, assetId: asset_id, task: id }, 'malformed task');
    return true;
  }
}

async function askAgain(tx: Db, task: TaskRow, isLost: boolean): Promise<void> {
  await markTaskEnqueued(tx, task, task.requeues + (isLost ? 1 : 0));
  if (isLost) await insertOutbox(tx, [jobOf(task)]);
}

async function reconcileUnits(tx: Db, producer: ReconcileOptions['producer'], units: readonly UnitRow[]): Promise<readonly Failure[]> {
  const lost: Failure[] = [];
  const assets = new Map<string, AssetRow | undefined>();
  const assetOf = async ({ asset_id }: UnitRow): Promise<AssetRow | undefined> => {
    if (!assets.has(asset_id)) assets.set(asset_id, await findAsset(tx, asset_id));
    return assets.get(asset_id);
  };
  for (const row of units) {
    const asset = await assetOf(row);
    if (asset === undefined) continue;
    const isQueued = await producer.isQueued(encodeJob, planEncodeJob(asset, row.unit, row.fence).payload);
    const decision = decideOverdue(isQueued, row.requeues);
    if (decision === 'give-up') lost.push(toLostUnit(row));
    else if (decision === 'wait') await markUnitQueued(tx, row);
    else await putBackLostUnit(tx, row);
  }
  return lost;
}
