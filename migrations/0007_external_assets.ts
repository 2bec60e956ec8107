import { type Kysely, sql } from 'kysely';

/** Assets whose playlists and media a customer put into the bucket: without upload and source, ready from the start. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('assets')
    .alterColumn('upload_id', (column) => column.dropNotNull())
    .alterColumn('source_key', (column) => column.dropNotNull())
    // Where the files lie, and what their playlists say.
    .addColumn('external', 'jsonb')
    .execute();
  // Whether a key may be served is asked for each object that an edge pulls.
  await sql`create index assets_external on assets ((external ->> 'prefix')) where external is not null`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('assets_external').execute();
  await sql`delete from assets where external is not null`.execute(db);
  await db.schema
    .alterTable('assets')
    .alterColumn('upload_id', (column) => column.setNotNull())
    .alterColumn('source_key', (column) => column.setNotNull())
    .dropColumn('external')
    .execute();
}
