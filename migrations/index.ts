import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import * as firstLight from './0001_first_light.ts';
import * as encodeEngine from './0002_encode_engine.ts';
import * as pruneEvents from './0003_prune_events.ts';
import * as playbackRestrictions from './0004_playback_restrictions.ts';
import * as revocations from './0005_revocations.ts';
import * as tokenScopes from './0006_token_scopes.ts';
import * as externalAssets from './0007_external_assets.ts';

/** In order of name. A published migration never changes; the next one gets the next number. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001_first_light': firstLight,
  '0002_encode_engine': encodeEngine,
  '0003_prune_events': pruneEvents,
  '0004_playback_restrictions': playbackRestrictions,
  '0005_revocations': revocations,
  '0006_token_scopes': tokenScopes,
  '0007_external_assets': externalAssets,
};

/**
 * Brings the schema up to date and returns the names of the migrations that ran. Safe to run twice at once: the second
 * waits on the migrator's advisory lock and finds nothing left to do.
 */
export async function migrateToLatest(db: Kysely<unknown>): Promise<readonly string[]> {
  const { error, results } = await createMigrator(db).migrateToLatest();
  if (error !== undefined) throw error;
  return (results ?? []).map((result) => result.migrationName);
}

/** Takes every migration back. */
export async function migrateToNothing(db: Kysely<unknown>): Promise<void> {
  const migrator = createMigrator(db);
  for (const _ of Object.keys(MIGRATIONS)) {
    const { error } = await migrator.migrateDown();
    if (error !== undefined) throw error;
  }
}

function createMigrator(db: Kysely<unknown>): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
}
