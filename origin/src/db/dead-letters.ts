import type { ListQuery } from '@mediaflow/shared/api';
import type { AccountId } from '@mediaflow/shared/ids';
import type { Insertable } from 'kysely';
import { newestFirst } from './page.ts';
import type { Db, DeadLetterRow, DeadLettersTable } from './schema.ts';

/** One row for one piece of work: failing again after a replay, it is open again, with the later error. */
export async function insertDeadLetter(tx: Db, letter: Insertable<DeadLettersTable>): Promise<void> {
  const { error, attempts, created_at } = letter;
  await tx
    .insertInto('dead_letters')
    .values(letter)
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ error, attempts: attempts ?? null, created_at, replayed_at: null })
        .where('dead_letters.replayed_at', 'is not', null),
    )
    .execute();
}

/** Newest first, replayed ones included. */
export function listDeadLetters(db: Db, accountId: AccountId, query: ListQuery): Promise<readonly DeadLetterRow[]> {
  return db.selectFrom('dead_letters').selectAll().where('account_id', '=', accountId).$call(newestFirst(query)).execute();
}

export function findDeadLetter(db: Db, accountId: AccountId, id: string): Promise<DeadLetterRow | undefined> {
  return db.selectFrom('dead_letters').selectAll().where('id', '=', id).where('account_id', '=', accountId).executeTakeFirst();
}

/** False when another call was first. */
export async function markReplayed(tx: Db, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('dead_letters')
    .set({ replayed_at: new Date() })
    .where('id', '=', id)
    .where('replayed_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
