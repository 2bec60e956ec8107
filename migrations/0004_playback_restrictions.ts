import type { Kysely } from 'kysely';

/** Sites and programs that tokens may be played on, by account. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('playback_restrictions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
    .addColumn('referrer', 'jsonb', (column) => column.notNull())
    .addColumn('user_agent', 'jsonb', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('updated_at', 'timestamptz', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('playback_restrictions_by_account')
    .on('playback_restrictions')
    .columns(['account_id', 'created_at', 'id'])
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('playback_restrictions').execute();
}
