import type { ListQuery } from '@mediaflow/shared/api';
import type { AccountId } from '@mediaflow/shared/ids';
import { type ExpressionBuilder, type Insertable, sql } from 'kysely';
import { newestFirst } from './page.ts';
import type { Database, Db, RevocationRow, RevocationsTable } from './schema.ts';

type NewRevocation = Omit<Insertable<RevocationsTable>, 'changed_in' | 'lifted_at'>;

const thisTransaction = sql<string>`pg_current_xact_id()`;

/** One row for one object: revoked again, it counts from now, lifted or not. */
export function upsertRevocation(tx: Db, revocation: NewRevocation): Promise<RevocationRow> {
  const { created_at, expires_at } = revocation;
  return tx
    .insertInto('revocations')
    .values(revocation)
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({ created_at, expires_at: expires_at ?? null, lifted_at: null, changed_in: thisTransaction }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Those in force. */
export function listRevocations(db: Db, accountId: AccountId, query: ListQuery): Promise<readonly RevocationRow[]> {
  return db.selectFrom('revocations').selectAll().where('account_id', '=', accountId).where(isInForce).$call(newestFirst(query)).execute();
}

export async function countRevocations(db: Db, accountId: AccountId): Promise<number> {
  const { count } = await db
    .selectFrom('revocations')
    .select((rows) => rows.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where(isInForce)
    .executeTakeFirstOrThrow();
  return count;
}

/** Undefined when it is not in force. */
export function findRevocation(db: Db, accountId: AccountId, id: string): Promise<RevocationRow | undefined> {
  return db
    .selectFrom('revocations')
    .selectAll()
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where(isInForce)
    .executeTakeFirst();
}

/** The row stays until `keptUntil`, so that every edge hears of it. */
export async function markLifted(tx: Db, id: string, now: Date, keptUntil: Date): Promise<void> {
  await tx
    .updateTable('revocations')
    .set({ lifted_at: now, expires_at: keptUntil, changed_in: thisTransaction })
    .where('id', '=', id)
    .execute();
}

export async function deleteExpiredRevocations(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('revocations').where('expires_at', '<', now).execute();
}

const isInForce = ({ eb, and, or }: ExpressionBuilder<Database, 'revocations'>) =>
  and([eb('lifted_at', 'is', null), or([eb('expires_at', 'is', null), eb('expires_at', '>', new Date())])]);

/** A place in the order of the feed: rows of one transaction in the order of their ids. */
export interface FeedPosition {
  readonly changedIn: string;
  readonly id: string;
}

/** The earliest transaction that may still write something, as a number in digits: all before it have ended. */
export async function findFeedHorizon(db: Db): Promise<string> {
  const { rows } = await sql<{ horizon: string }>`select pg_snapshot_xmin(pg_current_snapshot())::text as horizon`.execute(db);
  return rows[0]?.horizon ?? '0';
}

/** In the order of the feed, whoever's they are, lifted ones included. */
export function listRevocationsAfter(db: Db, { changedIn, id }: FeedPosition, limit: number): Promise<readonly RevocationRow[]> {
  return db
    .selectFrom('revocations')
    .selectAll()
    .where(sql<boolean>`(changed_in, id) > (${changedIn}::text::xid8, ${id})`)
    .orderBy('changed_in')
    .orderBy('id')
    .limit(limit)
    .execute();
}
