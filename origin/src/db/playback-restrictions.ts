import type { ListQuery } from '@mediaflow/shared/api';
import type { AccountId, PlaybackRestrictionId } from '@mediaflow/shared/ids';
import type { Insertable, Updateable } from 'kysely';
import { newestFirst } from './page.ts';
import type { Db, PlaybackRestrictionRow, PlaybackRestrictionsTable } from './schema.ts';

export function insertPlaybackRestriction(db: Db, restriction: Insertable<PlaybackRestrictionsTable>): Promise<PlaybackRestrictionRow> {
  return db.insertInto('playback_restrictions').values(restriction).returningAll().executeTakeFirstOrThrow();
}

export function findPlaybackRestriction(db: Db, id: PlaybackRestrictionId): Promise<PlaybackRestrictionRow | undefined> {
  return db.selectFrom('playback_restrictions').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findAccountPlaybackRestriction(
  db: Db,
  accountId: AccountId,
  id: PlaybackRestrictionId,
): Promise<PlaybackRestrictionRow | undefined> {
  return db.selectFrom('playback_restrictions').selectAll().where('id', '=', id).where('account_id', '=', accountId).executeTakeFirst();
}

export function listPlaybackRestrictions(db: Db, accountId: AccountId, query: ListQuery): Promise<readonly PlaybackRestrictionRow[]> {
  return db.selectFrom('playback_restrictions').selectAll().where('account_id', '=', accountId).$call(newestFirst(query)).execute();
}

/** Undefined when there is none any more. */
export function updatePlaybackRestriction(
  db: Db,
  id: PlaybackRestrictionId,
  changes: Pick<Updateable<PlaybackRestrictionsTable>, 'referrer' | 'user_agent'>,
): Promise<PlaybackRestrictionRow | undefined> {
  return db
    .updateTable('playback_restrictions')
    .set({ ...changes, updated_at: new Date() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

/** False when there was none. */
export async function deletePlaybackRestriction(db: Db, accountId: AccountId, id: PlaybackRestrictionId): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('playback_restrictions')
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
