import { type Kysely, sql } from 'kysely';

/** What no edge may serve any more, as a feed that edges follow. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('revocations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
    .addColumn('object', 'jsonb', (column) => column.notNull())
    // The object as sessions are matched with it.
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    // Null: stands until it is lifted.
    .addColumn('expires_at', 'timestamptz')
    .addColumn('lifted_at', 'timestamptz')
    // The transaction that last wrote the row. Unlike a sequence's numbers, transactions can be told to have ended, all of them up to one.
    .addColumn('changed_in', sql`xid8`, (column) => column.notNull().defaultTo(sql`pg_current_xact_id()`))
    .execute();
  await db.schema.createIndex('revocations_feed').on('revocations').columns(['changed_in', 'id']).execute();
  await db.schema.createIndex('revocations_by_account').on('revocations').columns(['account_id', 'created_at', 'id']).execute();
  await db.schema.createIndex('revocations_expiring').on('revocations').column('expires_at').execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('revocations').execute();
}
