import type { NewAssetSettings, PlaybackPolicy } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import { type AssetId, newAssetId } from '@mediaflow/shared/ids';
import type { SecondCodec, VideoQuality } from '@mediaflow/shared/rendition';
import { insertAsset } from '../db/assets.ts';
import { insertPlaybackIds } from '../db/playback-ids.ts';
import type { AssetRow, Db, UploadRow } from '../db/schema.ts';
import { askFor } from '../db/tasks.ts';
import { lockUpload, markAssetCreated } from '../db/uploads.ts';
import { recordEvent } from '../record-event.ts';
import { planProbeJob } from '../work-jobs.ts';
import { type SourceAttempt, toSourceKey } from './path.ts';

export interface FinishedSource extends SourceAttempt {
  readonly sizeBytes: number;
  /** Hex; absent when it has to be read from the store first, which the sweeper does later. */
  readonly sha256?: string;
}

export interface FinishOptions {
  /** Encoded after H.264. */
  readonly secondCodec?: SecondCodec;
}

/**
 * Makes the asset of an upload whose last byte is stored: asset, playback ids, event and probe job in one transaction.
 * Repeating it is harmless.
 * @throws AppError `gone` when the upload ended otherwise or another attempt took its place
 */
export async function finishUpload(db: Db, source: FinishedSource, options: FinishOptions = {}): Promise<AssetId> {
  return db.transaction().execute(async (tx) => {
    const upload = await lockUpload(tx, source.uploadId);
    const isCurrent = upload?.attempt === source.attempt;
    if (isCurrent && upload.asset_id !== null) return upload.asset_id;
    if (!isCurrent || upload.status !== 'waiting') throw new AppError('gone', 'This upload no longer takes these bytes.');
    const asset = await createAsset(tx, upload, source, options);
    await markAssetCreated(tx, upload.id, asset.id);
    return asset.id;
  });
}

async function createAsset(tx: Db, upload: UploadRow, source: FinishedSource, { secondCodec }: FinishOptions): Promise<AssetRow> {
  const isEmpty = source.sizeBytes === 0;
  const asset = await insertAsset(tx, {
    id: newAssetId(),
    account_id: upload.account_id,
    upload_id: upload.id,
    status: isEmpty ? 'errored' : 'preparing',
    version: 1,
    source_key: toSourceKey(source),
    size_bytes: source.sizeBytes,
    sha256: source.sha256 ?? null,
    passthrough: upload.settings.passthrough ?? null,
    meta: JSON.stringify(chooseMeta(upload.settings, upload.file_name)),
    video_quality: chooseQuality(upload.settings),
    created_at: new Date(),
    ...(isEmpty && { error_code: 'empty_source', error_message: 'The file is empty.' }),
  });
  await insertPlaybackIds(tx, { assetId: asset.id, accountId: asset.account_id }, choosePolicies(upload.settings));
  await recordEvent(tx, 'video.asset.created', asset);
  if (isEmpty) await recordEvent(tx, 'video.asset.errored', asset);
  else await askFor(tx, asset, 'probe', planProbeJob(asset, secondCodec));
  return asset;
}

/** Private by default: an asset nobody gave a policy plays for signed requests only. */
export function choosePolicies({ playback_policies, playback_policy }: NewAssetSettings): readonly PlaybackPolicy[] {
  return playback_policies ?? playback_policy ?? ['signed'];
}

const QUALITY_OF_TIER = { baseline: 'basic', smart: 'plus', premium: 'premium' } as const;

/** `encoding_tier` is the older spelling. */
export function chooseQuality({ video_quality, encoding_tier }: NewAssetSettings): VideoQuality {
  return video_quality ?? (encoding_tier === undefined ? 'plus' : QUALITY_OF_TIER[encoding_tier]);
}

/** The file's name is the title until somebody gives a better one. */
export function chooseMeta({ meta }: NewAssetSettings, fileName: string | null): NonNullable<NewAssetSettings['meta']> {
  return { ...(fileName !== null && { title: fileName }), ...meta };
}
