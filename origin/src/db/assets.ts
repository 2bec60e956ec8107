import type { ListQuery } from '@mediaflow/shared/api';
import type { AccountId, AssetId, UploadId } from '@mediaflow/shared/ids';
import { type Insertable, sql, type Updateable } from 'kysely';
import { newestFirst } from './page.ts';
import type { AssetRow, AssetsTable, Db } from './schema.ts';

export function insertAsset(db: Db, asset: Insertable<AssetsTable>): Promise<AssetRow> {
  return db.insertInto('assets').values(asset).returningAll().executeTakeFirstOrThrow();
}

export function findAsset(db: Db, id: AssetId): Promise<AssetRow | undefined> {
  return db.selectFrom('assets').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findAssets(db: Db, ids: readonly AssetId[]): Promise<readonly AssetRow[]> {
  return db.selectFrom('assets').selectAll().where('id', 'in', ids).execute();
}

export function findAccountAsset(db: Db, accountId: AccountId, id: AssetId): Promise<AssetRow | undefined> {
  return db.selectFrom('assets').selectAll().where('id', '=', id).where('account_id', '=', accountId).executeTakeFirst();
}

/** The row, held until the transaction ends. Whoever writes an asset or its events takes it first, so events keep their order. */
export function lockAsset(db: Db, id: AssetId): Promise<AssetRow | undefined> {
  return db.selectFrom('assets').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export function updateAsset(db: Db, id: AssetId, change: Updateable<AssetsTable>): Promise<AssetRow> {
  return db.updateTable('assets').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow();
}

export async function deleteAsset(db: Db, id: AssetId): Promise<void> {
  await db.deleteFrom('assets').where('id', '=', id).execute();
}

/** A place in the list, newest first. */
export interface AssetPosition {
  readonly createdAt: Date;
  readonly id: string;
}

export interface AssetFilter extends ListQuery {
  /** The last row of the page before; takes the place of `page`. */
  readonly after?: AssetPosition;
  readonly uploadId?: UploadId;
}

export function listAssets(db: Db, accountId: AccountId, filter: AssetFilter): Promise<readonly AssetRow[]> {
  // The position takes the place of the page.
  const page = filter.after === undefined ? filter.page : 1;
  let query = db
    .selectFrom('assets')
    .selectAll()
    .where('account_id', '=', accountId)
    .$call(newestFirst({ ...filter, page }));
  if (filter.uploadId !== undefined) query = query.where('upload_id', '=', filter.uploadId);
  if (filter.after === undefined) return query.execute();
  const { createdAt, id } = filter.after;
  return query.where(sql<boolean>`(created_at, id) < (${createdAt}, ${id})`).execute();
}

/**
 * Assets whose source nobody has hashed yet, by their ids.
 *
 * @param after the last one of those asked for before
 */
export function findAssetsWithoutDigest(
  db: Db,
  limit: number,
  after?: AssetId,
): Promise<readonly { readonly id: AssetId; readonly source_key: string }[]> {
  const query = db
    .selectFrom('assets')
    .select(['id', 'source_key'])
    .where('sha256', 'is', null)
    .where('source_key', 'is not', null)
    .where('size_bytes', '>', 0);
  return (after === undefined ? query : query.where('id', '>', after))
    .orderBy('id')
    .limit(limit)
    .$narrowType<{ source_key: string }>()
    .execute();
}

/** Whether an asset's files lie below one of the prefixes, each exactly as it was registered. */
export async function hasExternalPrefix(db: Db, prefixes: readonly string[]): Promise<boolean> {
  const query = db
    .selectFrom('assets')
    .select('id')
    .where('external', 'is not', null)
    .where(sql<string>`external ->> 'prefix'`, 'in', prefixes)
    .limit(1);
  return (await query.executeTakeFirst()) !== undefined;
}

export async function setDigest(db: Db, id: AssetId, sha256: string): Promise<void> {
  await db.updateTable('assets').set({ sha256 }).where('id', '=', id).where('sha256', 'is', null).execute();
}
