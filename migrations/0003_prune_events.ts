import { type Kysely, sql } from 'kysely';

/** Events that are removed with age, oldest first; how an asset ended is kept as long as the asset. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('events_passing')
    .on('events')
    .column('created_at')
    .where(sql<boolean>`type not in ('video.asset.ready', 'video.asset.errored')`)
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('events_passing').execute();
}
