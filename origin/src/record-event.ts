import type { AssetEventType } from '@mediaflow/shared/events';
import { insertEvent } from './db/events.ts';
import { listPlaybackIds } from './db/playback-ids.ts';
import type { AssetRow, Db } from './db/schema.ts';
import { presentAsset } from './present/asset.ts';

/** Writes down what happened to an asset, with the asset as it now is. Call with the asset's row locked. */
export async function recordEvent(db: Db, type: AssetEventType, asset: AssetRow): Promise<void> {
  await insertEvent(db, asset.account_id, type, presentAsset(asset, await listPlaybackIds(db, [asset.id])));
}
