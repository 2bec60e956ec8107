import type { AssetId } from '@mediaflow/shared/ids';
import { sql } from 'kysely';
import { insertOutbox, type OutboxJob } from './outbox.ts';
import type { AssetRow, Db, TaskRow } from './schema.ts';

/** `probe`, `poster`, `analyze` and `measure` are their jobs' names. */
export const textTaskId = (renditionId: string): string => `text_${renditionId}`;
export const publishTaskId = (revision: number): string => `publish_${revision}`;

type AssetRef = Pick<AssetRow, 'id' | 'version'>;
type TaskRef = Pick<TaskRow, 'asset_id' | 'version' | 'id'>;

/** Writes the task down, or opens it again, and asks for its job when the transaction commits. */
export async function askFor(tx: Db, asset: AssetRef, taskId: string, job: OutboxJob): Promise<void> {
  const open = { job: job.job, payload: JSON.stringify(job.payload), enqueued_at: new Date(), requeues: 0, done_at: null };
  await tx
    .insertInto('tasks')
    .values({ asset_id: asset.id, version: asset.version, id: taskId, ...open })
    .onConflict((conflict) => conflict.columns(['asset_id', 'version', 'id']).doUpdateSet(open))
    .execute();
  await insertOutbox(tx, [job]);
}

/** Opens a task that was done or given up once more, as it was asked for. False when there never was one. */
export async function reopenTask(tx: Db, asset: AssetRef, taskId: string): Promise<boolean> {
  const task = await findTask(tx, asset, taskId);
  if (task === undefined) return false;
  await askFor(tx, asset, taskId, jobOf(task));
  return true;
}

/** As it was asked for; whoever uses the payload parses it (`work-definition.ts`). */
export const jobOf = ({ job, payload }: Pick<TaskRow, 'job' | 'payload'>): OutboxJob => ({ job, payload }) as OutboxJob;

export function findTask(db: Db, asset: AssetRef, taskId: string): Promise<TaskRow | undefined> {
  return tasksOf(db, asset).selectAll().where('id', '=', taskId).executeTakeFirst();
}

/** Done, or given up. The task when this call is the one that ended it; undefined when it had ended before, or never was. */
export function finishTask(tx: Db, assetId: AssetId, version: number, taskId: string): Promise<TaskRow | undefined> {
  return updateUndone(tx, { asset_id: assetId, version, id: taskId }).set({ done_at: new Date() }).returningAll().executeTakeFirst();
}

export async function hasUndoneTexts(tx: Db, asset: AssetRef): Promise<boolean> {
  const row = await tasksOf(tx, asset).select('id').where('job', '=', 'text').where('done_at', 'is', null).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** One more than any revision of the manifests that was ever asked for. Call with the asset's row locked. */
export async function nextRevision(tx: Db, asset: Pick<AssetRow, 'id' | 'version' | 'playlist_revision'>): Promise<number> {
  const { asked } = await tasksOf(tx, asset)
    .select(sql<number>`coalesce(max((payload->>'revision')::int), 0)`.as('asked'))
    .where('job', '=', 'publish')
    .executeTakeFirstOrThrow();
  return Math.max(asked, asset.playlist_revision) + 1;
}

export function listUndoneTasks(tx: Db, asset: AssetRef): Promise<readonly TaskRow[]> {
  return tasksOf(tx, asset).selectAll().where('done_at', 'is', null).execute();
}

/** Tasks of assets that are not errored, undone and last known to be in the queue before `before`; the longest waiting first. */
export function findOverdueTasks(db: Db, before: Date, limit: number): Promise<readonly TaskRow[]> {
  return db
    .selectFrom('tasks')
    .innerJoin('assets', (join) => join.onRef('assets.id', '=', 'tasks.asset_id').onRef('assets.version', '=', 'tasks.version'))
    .selectAll('tasks')
    .where('assets.status', '!=', 'errored')
    .where('tasks.done_at', 'is', null)
    .where('tasks.enqueued_at', '<', before)
    .orderBy('tasks.enqueued_at')
    .limit(limit)
    .execute();
}

/** Notes that the task is in the queue now, and how often it had to be put there again. */
export async function markTaskEnqueued(tx: Db, task: TaskRow, requeues: number): Promise<void> {
  await updateUndone(tx, task).set({ enqueued_at: new Date(), requeues }).execute();
}

const tasksOf = (db: Db, { id, version }: AssetRef) => db.selectFrom('tasks').where('asset_id', '=', id).where('version', '=', version);

const updateUndone = (tx: Db, { asset_id, version, id }: TaskRef) =>
  tx.updateTable('tasks').where('asset_id', '=', asset_id).where('version', '=', version).where('id', '=', id).where('done_at', 'is', null);
