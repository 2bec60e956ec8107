import type { ListQuery } from '@mediaflow/shared/api';
import type { AccountId, SigningKeyId } from '@mediaflow/shared/ids';
import type { Insertable } from 'kysely';
import { newestFirst } from './page.ts';
import type { Db, SigningKeyRow, SigningKeysTable } from './schema.ts';

export function insertSigningKey(db: Db, key: Insertable<SigningKeysTable>): Promise<SigningKeyRow> {
  return db.insertInto('signing_keys').values(key).returningAll().executeTakeFirstOrThrow();
}

export function findSigningKey(db: Db, id: SigningKeyId): Promise<SigningKeyRow | undefined> {
  return db.selectFrom('signing_keys').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findAccountSigningKey(db: Db, accountId: AccountId, id: SigningKeyId): Promise<SigningKeyRow | undefined> {
  return db.selectFrom('signing_keys').selectAll().where('id', '=', id).where('account_id', '=', accountId).executeTakeFirst();
}

export function listSigningKeys(db: Db, accountId: AccountId, query: ListQuery): Promise<readonly SigningKeyRow[]> {
  return db.selectFrom('signing_keys').selectAll().where('account_id', '=', accountId).$call(newestFirst(query)).execute();
}

export async function countSigningKeys(db: Db, accountId: AccountId): Promise<number> {
  const { count } = await db
    .selectFrom('signing_keys')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** False when there was none. */
export async function deleteSigningKey(db: Db, accountId: AccountId, id: SigningKeyId): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('signing_keys')
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
