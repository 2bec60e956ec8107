import type { WORK_JOBS, WorkJobName } from '@mediaflow/shared/jobs';
import { sql } from 'kysely';
import type { z } from 'zod';
import { notify } from './changes.ts';
import type { Db, OutboxRow } from './schema.ts';

/** A job to be put into the queue once the transaction has committed. */
export type OutboxJob = {
  [Name in WorkJobName]: { readonly job: Name; readonly payload: z.infer<(typeof WORK_JOBS)[Name]['payload']> };
}[WorkJobName];

const ROWS_PER_INSERT = 1_000;

/** @param delaySeconds before they are put into the queue */
export async function insertOutbox(db: Db, jobs: readonly OutboxJob[], delaySeconds = 0): Promise<void> {
  const due_at = sql<Date>`now() + make_interval(secs => ${delaySeconds})`;
  for (let first = 0; first < jobs.length; first += ROWS_PER_INSERT) {
    const rows = jobs.slice(first, first + ROWS_PER_INSERT).map(({ job, payload }) => ({ job, payload: JSON.stringify(payload), due_at }));
    await db.insertInto('outbox').values(rows).execute();
  }
  if (jobs.length > 0) await notify(db, { kind: 'outbox' });
}

/** Rows that are due, in order, held until the transaction ends; rows another origin holds are passed over. */
export function takeOutbox(db: Db, limit: number): Promise<readonly OutboxRow[]> {
  return db
    .selectFrom('outbox')
    .selectAll()
    .where('due_at', '<=', sql<Date>`now()`)
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

/** Rows of one job that are not in the queue yet. */
export async function countOutbox(db: Db, job: WorkJobName): Promise<number> {
  const { count } = await db
    .selectFrom('outbox')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('job', '=', job)
    .executeTakeFirstOrThrow();
  return count;
}

export async function deleteOutbox(db: Db, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await db.deleteFrom('outbox').where('id', 'in', ids).execute();
}

/** So that rows the queue refuses do not stand before those it takes. */
export async function postponeOutbox(db: Db, ids: readonly number[], seconds: number): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('outbox')
    .set({ due_at: sql<Date>`now() + make_interval(secs => ${seconds})` })
    .where('id', 'in', ids)
    .execute();
}
