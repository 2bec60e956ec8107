import { migrateToLatest, migrateToNothing } from '@mediaflow/migrations';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from './testing/test-origin.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase(false);
});
afterAll(() => database.drop());

const open = (): Kysely<unknown> =>
  new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: database.url, max: 2 }) }) });

async function listTables(db: Kysely<unknown>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_name not like 'kysely%' order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

test('two migrators at once, then a third, then back and forth', async () => {
  const [one, two] = [open(), open()];
  const applied = await Promise.all([migrateToLatest(one), migrateToLatest(two)]);
  expect(applied.flat()).toEqual([
    '0001_first_light',
    '0002_encode_engine',
    '0003_prune_events',
    '0004_playback_restrictions',
    '0005_revocations',
    '0006_token_scopes',
    '0007_external_assets',
  ]);
  expect(await migrateToLatest(one)).toEqual([]);
  const tables = await listTables(one);
  expect(tables).toEqual([
    'accounts',
    'api_tokens',
    'assets',
    'dead_letters',
    'ended_user_sessions',
    'events',
    'outbox',
    'playback_ids',
    'playback_restrictions',
    'revocations',
    'signing_keys',
    'tasks',
    'units',
    'uploads',
  ]);
  await migrateToNothing(one);
  expect(await listTables(one)).toEqual([]);
  await migrateToLatest(two);
  expect(await listTables(two)).toEqual(tables);
  await Promise.all([one.destroy(), two.destroy()]);
});
