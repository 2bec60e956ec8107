import { type Kysely, sql } from 'kysely';

/**
 * What the encode engine needs to know: which segments of a unit are stored and how large they are, whose turn it is, what
 * else is to be done for an asset (`tasks`), and what was given up (`dead_letters`).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('assets')
    .addColumn('video_quality', 'text', (column) => column.notNull().defaultTo('plus'))
    .addColumn('warnings', 'jsonb', (column) => column.notNull().defaultTo(sql`'[]'::jsonb`))
    // Revision of the manifests that counts.
    .addColumn('playlist_revision', 'integer', (column) => column.notNull().defaultTo(0))
    // Whether more renditions are to come from an analysis: not ready before.
    .addColumn('is_analysis_due', 'boolean', (column) => column.notNull().defaultTo(false))
    .addColumn('measured', 'jsonb')
    .addColumn('quality', 'jsonb')
    .addColumn('pictures_total', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('pictures_damaged', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('ready_at', 'timestamptz')
    .execute();
  await sql`update assets set source = source || '{"text": [], "warnings": []}'::jsonb where source is not null`.execute(db);
  await db.schema.dropIndex('assets_preparing').execute();
  await db.schema.alterTable('assets').dropColumn('probe_enqueued_at').dropColumn('probe_requeues').execute();

  await db.schema.dropIndex('units_undone').execute();
  await db.schema
    .alterTable('units')
    // Bytes of each segment, rendition by rendition; 0 where it is not stored. Null until the first one is.
    .addColumn('sizes_bytes', sql`integer[]`)
    .addColumn('keyframe_bytes', sql`integer[]`)
    .addColumn('position', 'integer', (column) => column.notNull().defaultTo(1))
    .addColumn('is_extra', 'boolean', (column) => column.notNull().defaultTo(false))
    .addColumn('fence', 'integer', (column) => column.notNull().defaultTo(0))
    // Null: waits for its turn.
    .alterColumn('enqueued_at', (column) => column.dropNotNull())
    .execute();
  await db.schema
    .createIndex('units_waiting')
    .on('units')
    .columns(['asset_id', 'version', 'position'])
    .where(sql<boolean>`done_at is null and enqueued_at is null`)
    .execute();
  await db.schema
    .createIndex('units_in_flight')
    .on('units')
    .column('enqueued_at')
    .where(sql<boolean>`done_at is null and enqueued_at is not null`)
    .execute();

  await db.schema
    .createTable('tasks')
    .addColumn('asset_id', 'text', (column) => column.notNull().references('assets.id').onDelete('cascade'))
    .addColumn('version', 'integer', (column) => column.notNull())
    // Unique within a version: `probe`, `poster`, `text_t0`, `publish_1`.
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('job', 'text', (column) => column.notNull())
    .addColumn('payload', 'jsonb', (column) => column.notNull())
    .addColumn('enqueued_at', 'timestamptz', (column) => column.notNull())
    .addColumn('requeues', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('done_at', 'timestamptz')
    .addPrimaryKeyConstraint('tasks_key', ['asset_id', 'version', 'id'])
    .execute();
  await db.schema.createIndex('tasks_undone').on('tasks').column('enqueued_at').where(sql<boolean>`done_at is null`).execute();

  await db.schema
    .createTable('dead_letters')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull())
    // Without a foreign key: the reason outlives the asset.
    .addColumn('asset_id', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('job', 'text', (column) => column.notNull())
    // The unit or task to be asked for again on replay.
    .addColumn('work_id', 'text')
    .addColumn('attempts', 'integer')
    // `JobError`: code, message, and in details argv, exit code, signal, stderr tail.
    .addColumn('error', 'jsonb', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('replayed_at', 'timestamptz')
    .execute();
  await db.schema.createIndex('dead_letters_by_account').on('dead_letters').columns(['account_id', 'created_at', 'id']).execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('dead_letters').execute();
  await db.schema.dropTable('tasks').execute();
  await db.schema.dropIndex('units_waiting').execute();
  await db.schema.dropIndex('units_in_flight').execute();
  await sql`update units set enqueued_at = now() where enqueued_at is null`.execute(db);
  await db.schema
    .alterTable('units')
    .dropColumn('sizes_bytes')
    .dropColumn('keyframe_bytes')
    .dropColumn('position')
    .dropColumn('is_extra')
    .dropColumn('fence')
    .alterColumn('enqueued_at', (column) => column.setNotNull())
    .execute();
  await db.schema.createIndex('units_undone').on('units').column('enqueued_at').where(sql.ref('done_at'), 'is', sql.lit(null)).execute();
  await db.schema
    .alterTable('assets')
    .addColumn('probe_enqueued_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
    .addColumn('probe_requeues', 'integer', (column) => column.notNull().defaultTo(0))
    .dropColumn('video_quality')
    .dropColumn('warnings')
    .dropColumn('playlist_revision')
    .dropColumn('is_analysis_due')
    .dropColumn('measured')
    .dropColumn('quality')
    .dropColumn('pictures_total')
    .dropColumn('pictures_damaged')
    .dropColumn('ready_at')
    .execute();
  await db.schema
    .createIndex('assets_preparing')
    .on('assets')
    .column('probe_enqueued_at')
    .where(sql.ref('status'), '=', sql.lit('preparing'))
    .execute();
}
