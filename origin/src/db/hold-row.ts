import type { AccountId } from '@mediaflow/shared/ids';
import { sql } from 'kysely';
import type { Db } from './schema.ts';

export type OwnedTable = 'assets' | 'playback_ids' | 'signing_keys';

/** Whether the account has this row; it then cannot be deleted before the transaction has ended. */
export async function holdRow(tx: Db, table: OwnedTable, accountId: AccountId, id: string): Promise<boolean> {
  const { rows } = await sql`select 1 from ${sql.table(table)} where id = ${id} and account_id = ${accountId} for key share`.execute(tx);
  return rows.length > 0;
}
