import { type Kysely, sql } from 'kysely';

/** What each API token may do, and user sessions that were signed out before their time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Tokens of before may do all. The default stays for an origin of the version before that still runs while this one comes up.
  await db.schema
    .alterTable('api_tokens')
    .addColumn('scopes', sql`text[]`, (column) =>
      column.notNull().defaultTo(sql`array['video:read', 'video:write', 'system:read', 'system:write']`),
    )
    .execute();

  await db.schema
    .createTable('ended_user_sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('ended_user_sessions_by_expiry').on('ended_user_sessions').column('expires_at').execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('ended_user_sessions').execute();
  await db.schema.alterTable('api_tokens').dropColumn('scopes').execute();
}
