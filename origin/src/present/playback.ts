import type { PlaybackAnswer } from '@mediaflow/shared/internal';
import { timelineDurationMs } from '@mediaflow/shared/timeline';
import type { AssetRow, PlaybackIdRow, StoredExternal } from '../db/schema.ts';

/** What the edge needs to open one playback id. */
export function presentPlayback(playbackId: PlaybackIdRow, asset: AssetRow): PlaybackAnswer {
  return {
    playback_id: playbackId.id,
    policy: playbackId.policy,
    account_id: asset.account_id,
    asset_id: asset.id,
    playlist_revision: asset.playlist_revision,
    ...(asset.timeline !== null && {
      version: asset.version,
      duration_ms: timelineDurationMs(asset.timeline),
      timeline: asset.timeline,
    }),
    ...(asset.external !== null && presentExternal(asset.version, asset.external)),
    status: asset.status === 'preparing' && asset.playable_at !== null ? 'playable' : asset.status,
  };
}

const presentExternal = (version: number, { prefix, manifest, durationMs }: StoredExternal) => ({
  version,
  duration_ms: durationMs,
  external: { prefix, manifest },
});
