import type { NewAssetSettings } from '@mediaflow/shared/api';
import { type AccountId, type AssetId, newAssetId } from '@mediaflow/shared/ids';
import { changeAsset } from '../asset-changes.ts';
import { insertAsset, updateAsset } from '../db/assets.ts';
import { insertPlaybackIds } from '../db/playback-ids.ts';
import type { AssetRow, Db, StoredExternal } from '../db/schema.ts';
import { recordEvent } from '../record-event.ts';
import { chooseMeta, choosePolicies, chooseQuality } from '../upload/finish.ts';

/** Makes the asset of files that were checked; there is nothing to prepare. */
export function registerExternal(db: Db, accountId: AccountId, external: StoredExternal, settings: NewAssetSettings): Promise<AssetRow> {
  return db.transaction().execute(async (tx) => {
    const now = new Date();
    const asset = await insertAsset(tx, {
      id: newAssetId(),
      account_id: accountId,
      status: 'ready',
      version: 1,
      size_bytes: 0,
      external: JSON.stringify(external),
      passthrough: settings.passthrough ?? null,
      meta: JSON.stringify(chooseMeta(settings, null)),
      video_quality: chooseQuality(settings),
      created_at: now,
      playable_at: now,
      ready_at: now,
    });
    await insertPlaybackIds(tx, { assetId: asset.id, accountId }, choosePolicies(settings));
    for (const type of ['video.asset.created', 'video.asset.playable', 'video.asset.ready'] as const) await recordEvent(tx, type, asset);
    return asset;
  });
}

/** Takes the next version, under which nothing is cached yet. @param external what the files are now */
export function refreshExternal(db: Db, accountId: AccountId, id: AssetId, external: StoredExternal): Promise<AssetRow> {
  return changeAsset(db, accountId, id, async (tx, asset) => {
    const refreshed = await updateAsset(tx, id, { version: asset.version + 1, external: JSON.stringify(external) });
    await recordEvent(tx, 'video.asset.updated', refreshed);
    return refreshed;
  });
}
