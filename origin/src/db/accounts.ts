import type { AccountId } from '@mediaflow/shared/ids';
import type { Db } from './schema.ts';

export async function insertAccount(db: Db, account: { readonly id: AccountId; readonly name: string }): Promise<void> {
  await db
    .insertInto('accounts')
    .values({ ...account, created_at: new Date() })
    .execute();
}

export function findAccount(db: Db, id: AccountId): Promise<{ id: AccountId; name: string } | undefined> {
  return db.selectFrom('accounts').select(['id', 'name']).where('id', '=', id).executeTakeFirst();
}

/** Until the transaction ends, nobody else who counts what the account has gets past this. */
export async function holdAccount(tx: Db, id: AccountId): Promise<void> {
  await tx.selectFrom('accounts').select('id').where('id', '=', id).forNoKeyUpdate().execute();
}
