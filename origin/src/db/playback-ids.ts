import type { PlaybackPolicy } from '@mediaflow/shared/api';
import { type AccountId, type AssetId, newPlaybackId, type PlaybackId } from '@mediaflow/shared/ids';
import type { Db, PlaybackIdRow } from './schema.ts';

export function insertPlaybackIds(
  db: Db,
  owner: { readonly assetId: AssetId; readonly accountId: AccountId },
  policies: readonly PlaybackPolicy[],
): Promise<readonly PlaybackIdRow[]> {
  if (policies.length === 0) return Promise.resolve([]);
  const rows = policies.map((policy) => ({ id: newPlaybackId(), asset_id: owner.assetId, account_id: owner.accountId, policy }));
  return db.insertInto('playback_ids').values(rows).returningAll().execute();
}

export function findPlaybackId(db: Db, id: PlaybackId): Promise<PlaybackIdRow | undefined> {
  return db.selectFrom('playback_ids').selectAll().where('id', '=', id).executeTakeFirst();
}

/** In the order they were made, for each of the assets. */
export function listPlaybackIds(db: Db, assetIds: readonly AssetId[]): Promise<readonly PlaybackIdRow[]> {
  if (assetIds.length === 0) return Promise.resolve([]);
  return db.selectFrom('playback_ids').selectAll().where('asset_id', 'in', assetIds).orderBy('position').execute();
}

/** False when the asset has no such playback id. */
export async function deletePlaybackId(db: Db, assetId: AssetId, id: PlaybackId): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('playback_ids').where('id', '=', id).where('asset_id', '=', assetId).executeTakeFirst();
  return numDeletedRows > 0n;
}
