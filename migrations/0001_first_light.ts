import { type Kysely, sql } from 'kysely';

/**
 * Ids are 32 hex digits made by the application. `timestamptz` everywhere. JSON columns hold whole shared shapes that
 * nothing ever searches: a source, a timeline, renditions.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createAccounts(db);
  await createUploads(db);
  await createAssets(db);
  await createWork(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['outbox', 'events', 'units', 'playback_ids', 'assets', 'uploads', 'signing_keys', 'api_tokens', 'accounts']) {
    await db.schema.dropTable(table).execute();
  }
}

async function createAccounts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('accounts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('api_tokens')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('secret_sha256', 'text', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('revoked_at', 'timestamptz')
    .execute();
  await db.schema.createIndex('api_tokens_by_account').on('api_tokens').columns(['account_id', 'created_at', 'id']).execute();

  await db.schema
    .createTable('signing_keys')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
    .addColumn('algorithm', 'text', (column) => column.notNull())
    .addColumn('public_jwk', 'jsonb', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('signing_keys_by_account').on('signing_keys').columns(['account_id', 'created_at', 'id']).execute();
}

async function createUploads(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('uploads')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('timeout_seconds', 'integer', (column) => column.notNull())
    .addColumn('cors_origin', 'text')
    .addColumn('settings', 'jsonb', (column) => column.notNull())
    // The TUS creation whose bytes count; null before the first one.
    .addColumn('attempt', 'text')
    .addColumn('file_name', 'text')
    .addColumn('asset_id', 'text')
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    // The timeout counts from here.
    .addColumn('last_byte_at', 'timestamptz', (column) => column.notNull())
    // When the sweeper last looked whether all bytes are there.
    .addColumn('swept_at', 'timestamptz')
    .execute();
  await db.schema.createIndex('uploads_by_account').on('uploads').columns(['account_id', 'created_at', 'id']).execute();
  await db.schema
    .createIndex('uploads_waiting')
    .on('uploads')
    .column('last_byte_at')
    .where(sql.ref('status'), '=', sql.lit('waiting'))
    .execute();
  await db.schema
    .createIndex('uploads_to_discard')
    .on('uploads')
    .column('status')
    .where(sql<boolean>`status in ('cancelled', 'timed_out') and attempt is not null`)
    .execute();
}

async function createAssets(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('assets')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
    // Unique: however often an upload is finished, it makes one asset.
    .addColumn('upload_id', 'text', (column) => column.notNull().unique().references('uploads.id'))
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('source_key', 'text', (column) => column.notNull())
    .addColumn('size_bytes', 'bigint', (column) => column.notNull())
    .addColumn('sha256', 'text')
    .addColumn('passthrough', 'text')
    .addColumn('meta', 'jsonb', (column) => column.notNull())
    .addColumn('source', 'jsonb')
    .addColumn('timeline', 'jsonb')
    .addColumn('renditions', 'jsonb')
    .addColumn('stored_segments', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('total_segments', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('error_code', 'text')
    .addColumn('error_message', 'text')
    .addColumn('playable_at', 'timestamptz')
    .addColumn('probe_enqueued_at', 'timestamptz', (column) => column.notNull())
    .addColumn('probe_requeues', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('assets_by_account').on('assets').columns(['account_id', 'created_at', 'id']).execute();
  await db.schema
    .createIndex('assets_preparing')
    .on('assets')
    .column('probe_enqueued_at')
    .where(sql.ref('status'), '=', sql.lit('preparing'))
    .execute();
  await db.schema
    .createIndex('assets_without_digest')
    .on('assets')
    .column('created_at')
    .where(sql.ref('sha256'), 'is', sql.lit(null))
    .execute();

  await db.schema
    .createTable('playback_ids')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('asset_id', 'text', (column) => column.notNull().references('assets.id').onDelete('cascade'))
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
    .addColumn('policy', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull().generatedAlwaysAsIdentity())
    .execute();
  await db.schema.createIndex('playback_ids_by_asset').on('playback_ids').columns(['asset_id', 'position']).execute();
}

async function createWork(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('units')
    .addColumn('asset_id', 'text', (column) => column.notNull().references('assets.id').onDelete('cascade'))
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('unit', 'jsonb', (column) => column.notNull())
    .addColumn('done_at', 'timestamptz')
    .addColumn('enqueued_at', 'timestamptz', (column) => column.notNull())
    .addColumn('requeues', 'integer', (column) => column.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('units_key', ['asset_id', 'version', 'id'])
    .execute();
  await db.schema.createIndex('units_undone').on('units').column('enqueued_at').where(sql.ref('done_at'), 'is', sql.lit(null)).execute();

  // Without a foreign key: what happened to an asset outlives it.
  await db.schema
    .createTable('events')
    .addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('asset_id', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('data', 'jsonb', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
    .execute();
  await db.schema.createIndex('events_by_asset').on('events').columns(['asset_id', 'id']).execute();

  await db.schema
    .createTable('outbox')
    .addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn('job', 'text', (column) => column.notNull())
    .addColumn('payload', 'jsonb', (column) => column.notNull())
    .addColumn('due_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
    .execute();
  await db.schema.createIndex('outbox_due').on('outbox').columns(['due_at', 'id']).execute();
}
