import type { NewAssetSettings } from '@mediaflow/shared/api';
import { type AccountId, newUploadId } from '@mediaflow/shared/ids';
import { bootstrapAccount } from '../bootstrap.ts';
import { findAsset } from '../db/assets.ts';
import type { AssetRow, Db } from '../db/schema.ts';
import { insertUpload } from '../db/uploads.ts';
import { type FinishOptions, finishUpload } from '../upload/finish.ts';

export interface TestAssetOptions extends FinishOptions {
  /** A new one unless given. */
  readonly accountId?: AccountId;
  readonly settings?: NewAssetSettings;
}

/** The asset of an upload that has just ended, its probe asked for; without a running origin. */
export async function insertTestAsset(db: Db, { accountId, settings = {}, ...options }: TestAssetOptions = {}): Promise<AssetRow> {
  const now = new Date();
  const { id: uploadId } = await insertUpload(db, {
    id: newUploadId(),
    account_id: accountId ?? (await bootstrapAccount(db)).account_id,
    status: 'waiting',
    timeout_seconds: 60,
    settings: JSON.stringify(settings),
    attempt: 'a',
    created_at: now,
    last_byte_at: now,
  });
  const asset = await findAsset(db, await finishUpload(db, { uploadId, attempt: 'a', sizeBytes: 17 }, options));
  if (asset === undefined) throw new Error('the upload made no asset');
  return asset;
}
