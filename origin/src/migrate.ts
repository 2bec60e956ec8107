import { migrateToLatest } from '@mediaflow/migrations';
import { createLog } from '@mediaflow/platform/log';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { parseMigrateConfig } from './config.ts';

/** `DATABASE_URL=… node origin/src/migrate.ts` brings the schema up to date and exits. */
const log = createLog('migrate');
const { databaseUrl } = parseMigrateConfig(process.env);
const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: databaseUrl, max: 2 }) }) });
try {
  log.info({ applied: await migrateToLatest(db) }, 'schema is up to date');
} finally {
  await db.destroy();
}
