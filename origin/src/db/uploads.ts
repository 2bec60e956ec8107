import type { ListQuery } from '@mediaflow/shared/api';
import type { AccountId, AssetId, UploadId } from '@mediaflow/shared/ids';
import { type Insertable, sql } from 'kysely';
import { newestFirst } from './page.ts';
import type { Db, UploadRow, UploadsTable } from './schema.ts';

export function insertUpload(db: Db, upload: Insertable<UploadsTable>): Promise<UploadRow> {
  return db.insertInto('uploads').values(upload).returningAll().executeTakeFirstOrThrow();
}

export function findUpload(db: Db, id: UploadId): Promise<UploadRow | undefined> {
  return db.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findAccountUpload(db: Db, accountId: AccountId, id: UploadId): Promise<UploadRow | undefined> {
  return db.selectFrom('uploads').selectAll().where('id', '=', id).where('account_id', '=', accountId).executeTakeFirst();
}

export function listUploads(db: Db, accountId: AccountId, query: ListQuery): Promise<readonly UploadRow[]> {
  return db.selectFrom('uploads').selectAll().where('account_id', '=', accountId).$call(newestFirst(query)).execute();
}

/** The row, held until the transaction ends: finish, cancel, expiry and a new attempt exclude one another by it. */
export function lockUpload(db: Db, id: UploadId): Promise<UploadRow | undefined> {
  return db.selectFrom('uploads').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** From now on only bytes of `attempt` count. Call with the row locked. */
export async function setAttempt(db: Db, id: UploadId, attempt: string, fileName: string | null): Promise<void> {
  await db
    .updateTable('uploads')
    .set({ attempt, file_name: fileName, last_byte_at: new Date(), swept_at: null })
    .where('id', '=', id)
    .execute();
}

export async function markAssetCreated(db: Db, id: UploadId, assetId: AssetId): Promise<void> {
  await db.updateTable('uploads').set({ status: 'asset_created', asset_id: assetId }).where('id', '=', id).execute();
}

/** The upload as it is afterwards; it is `cancelled` only if it was waiting. */
export async function cancelUpload(db: Db, accountId: AccountId, id: UploadId): Promise<UploadRow | undefined> {
  await db
    .updateTable('uploads')
    .set({ status: 'cancelled' })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('status', '=', 'waiting')
    .execute();
  return findAccountUpload(db, accountId, id);
}

/** Puts off the timeout of uploads that bytes arrive for. */
export async function touchUploads(db: Db, ids: readonly UploadId[]): Promise<void> {
  if (ids.length === 0) return;
  await db.updateTable('uploads').set({ last_byte_at: new Date() }).where('id', 'in', ids).where('status', '=', 'waiting').execute();
}

/** Ends uploads that got no byte for their `timeout` and returns them. */
export function expireUploads(db: Db): Promise<readonly UploadRow[]> {
  return db
    .updateTable('uploads')
    .set({ status: 'timed_out' })
    .where('status', '=', 'waiting')
    .where(sql<boolean>`last_byte_at + make_interval(secs => timeout_seconds) < now()`)
    .returningAll()
    .execute();
}

/** Uploads that are over without an asset and whose bytes may still be stored. */
export function findUploadsToDiscard(db: Db, limit: number): Promise<readonly UploadRow[]> {
  return db
    .selectFrom('uploads')
    .selectAll()
    .where('status', 'in', ['cancelled', 'timed_out'])
    .where('attempt', 'is not', null)
    .limit(limit)
    .execute();
}

/** The bytes of this attempt are gone. */
export async function clearAttempt(db: Db, id: UploadId, attempt: string): Promise<void> {
  await db.updateTable('uploads').set({ attempt: null }).where('id', '=', id).where('attempt', '=', attempt).execute();
}

/**
 * Waiting uploads that may be complete: touched since the last look, or not looked at for a minute. Many that bytes arrive for must not
 * stand before the one that waits to be finished, until it times out: those that this process receives are left out, and the longest
 * not looked at come first.
 */
export function findUploadsToSweep(db: Db, receiving: readonly UploadId[], limit: number): Promise<readonly UploadRow[]> {
  return db
    .selectFrom('uploads')
    .selectAll()
    .where('status', '=', 'waiting')
    .where('attempt', 'is not', null)
    .where(sql<boolean>`id <> all(${receiving}::text[])`)
    .where(sql<boolean>`(swept_at is null or swept_at < last_byte_at or swept_at < now() - interval '60 seconds')`)
    .orderBy('swept_at', (order) => order.asc().nullsFirst())
    .limit(limit)
    .execute();
}

/** `at` is when the look began, so that a byte that came during it is not overlooked. */
export async function markSwept(db: Db, id: UploadId, at: Date): Promise<void> {
  await db.updateTable('uploads').set({ swept_at: at }).where('id', '=', id).execute();
}
