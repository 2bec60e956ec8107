import type { PlaybackPolicy } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import type { AccountId, AssetId, PlaybackId } from '@mediaflow/shared/ids';
import { changeAsset } from './asset-changes.ts';
import { deletePlaybackId, insertPlaybackIds } from './db/playback-ids.ts';
import type { Db, PlaybackIdRow } from './db/schema.ts';
import { recordEvent } from './record-event.ts';
import { revokeDeleted } from './revocation-changes.ts';

export function addPlaybackId(db: Db, accountId: AccountId, assetId: AssetId, policy: PlaybackPolicy): Promise<PlaybackIdRow> {
  return changeAsset(db, accountId, assetId, async (tx, asset) => {
    const [row] = await insertPlaybackIds(tx, { assetId, accountId }, [policy]);
    if (row === undefined) throw new AppError('internal', 'The playback id was not stored.');
    await recordEvent(tx, 'video.asset.updated', asset);
    return row;
  });
}

/** Its sessions end as well. @throws AppError `not_found` when the asset has no such playback id */
export function removePlaybackId(db: Db, accountId: AccountId, assetId: AssetId, id: PlaybackId): Promise<void> {
  return changeAsset(db, accountId, assetId, async (tx, asset) => {
    if (!(await deletePlaybackId(tx, assetId, id))) throw new AppError('not_found', 'There is no such object.');
    await revokeDeleted(tx, accountId, { type: 'playback_id', id });
    await recordEvent(tx, 'video.asset.updated', asset);
  });
}
