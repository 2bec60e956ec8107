import type { ListQuery } from '@mediaflow/shared/api';
import type { AccountId, TokenId } from '@mediaflow/shared/ids';
import type { Insertable } from 'kysely';
import { newestFirst } from './page.ts';
import type { ApiTokenRow, ApiTokensTable, Db } from './schema.ts';

export function insertApiToken(db: Db, token: Insertable<ApiTokensTable>): Promise<ApiTokenRow> {
  return db.insertInto('api_tokens').values(token).returningAll().executeTakeFirstOrThrow();
}

/** Undefined when unknown or revoked. */
export function findLiveApiToken(db: Db, id: TokenId): Promise<ApiTokenRow | undefined> {
  return db.selectFrom('api_tokens').selectAll().where('id', '=', id).where('revoked_at', 'is', null).executeTakeFirst();
}

export function listLiveApiTokens(db: Db, accountId: AccountId, query: ListQuery): Promise<readonly ApiTokenRow[]> {
  return db
    .selectFrom('api_tokens')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .$call(newestFirst(query))
    .execute();
}

/** False when there was nothing to revoke. */
export async function revokeApiToken(db: Db, accountId: AccountId, id: TokenId): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('api_tokens')
    .set({ revoked_at: new Date() })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
