import type { Asset, PlaybackIdObject } from '@mediaflow/shared/api';
import { toNumber } from '@mediaflow/shared/rational';
import { type Rendition, shortSideOf, type VideoQuality } from '@mediaflow/shared/rendition';
import { assetKindOf, type Source } from '@mediaflow/shared/source';
import { type Timeline, timelineDurationMs } from '@mediaflow/shared/timeline';
import type { AssetRow, PlaybackIdRow, StoredExternal } from '../db/schema.ts';
import { presentProgress } from './progress.ts';
import { stringifyTime } from './time.ts';
import { presentTracks } from './tracks.ts';

/** Mux's older names for the same three. */
const ENCODING_TIERS = { basic: 'baseline', plus: 'smart', premium: 'premium' } as const satisfies Record<
  VideoQuality,
  Asset['encoding_tier']
>;

/**
 * An asset in Mux's shape with our own fields at the end; what is not known yet is left out.
 * @param now when it is shown, for the remaining time
 */
export function presentAsset(row: AssetRow, playbackIds: readonly PlaybackIdRow[], now = new Date()): Asset {
  return {
    id: row.id,
    created_at: stringifyTime(row.created_at),
    status: row.status,
    encoding_tier: ENCODING_TIERS[row.video_quality],
    video_quality: row.video_quality,
    master_access: 'none',
    max_resolution_tier: '2160p',
    progress: presentProgress(row, now),
    ...(row.timeline !== null && row.source !== null && presentMedia(row.source, row.timeline, row)),
    playback_ids: playbackIds.map(presentPlaybackId),
    ...(row.error_code !== null && { errors: { type: row.error_code, messages: [row.error_message ?? ''] } }),
    ...(row.warnings.length > 0 && { warnings: [...row.warnings] }),
    ...(row.external !== null && presentExternal(row.external)),
    ...(row.upload_id !== null && { upload_id: row.upload_id, ingest_type: 'on_demand_direct_upload' as const }),
    ...(row.passthrough !== null && { passthrough: row.passthrough }),
    ...(Object.keys(row.meta).length > 0 && { meta: row.meta }),
    ...(row.playable_at !== null && { playable_at: stringifyTime(row.playable_at) }),
    ...(row.source_key !== null && {
      source: { ...(row.sha256 !== null && { sha256: row.sha256 }), size: String(row.size_bytes) },
    }),
  };
}

export const presentPlaybackId = ({ id, policy }: PlaybackIdRow): PlaybackIdObject => ({ id, policy });

type ExternalFields = Pick<Asset, 'kind' | 'duration' | 'aspect_ratio' | 'resolution_tier' | 'external'>;

function presentExternal({ prefix, manifest, durationMs, width, height }: StoredExternal): ExternalFields {
  return {
    kind: 'video',
    duration: round3(durationMs / 1000),
    ...(width !== undefined &&
      height !== undefined && {
        aspect_ratio: stringifyAspectRatio(width, height),
        resolution_tier: resolutionTierOf(Math.min(width, height)),
      }),
    external: { prefix, manifest },
  };
}

type MediaFields = Pick<Asset, 'kind' | 'duration' | 'aspect_ratio' | 'resolution_tier' | 'max_stored_frame_rate' | 'tracks'>;

function presentMedia(source: Source, timeline: Timeline, { status, renditions }: Pick<AssetRow, 'status' | 'renditions'>): MediaFields {
  const duration = round3(timelineDurationMs(timeline) / 1000);
  const frameRate = round3(toNumber(timeline.frameRate));
  return {
    kind: assetKindOf(source),
    duration,
    resolution_tier: largestTierOf(renditions ?? []),
    ...(source.video !== undefined && {
      aspect_ratio: stringifyAspectRatio(source.video.width, source.video.height),
      max_stored_frame_rate: frameRate,
    }),
    tracks: presentTracks(source, renditions ?? [], { status, duration, frameRate }),
  };
}

/** By the largest stored rendition; anything up to 720p is Mux's lowest tier. */
function largestTierOf(renditions: readonly Rendition[]): NonNullable<Asset['resolution_tier']> {
  const shortSides = renditions.flatMap((rendition) => (rendition.kind === 'video' ? shortSideOf(rendition) : []));
  return shortSides.length === 0 ? 'audio-only' : resolutionTierOf(Math.max(...shortSides));
}

function resolutionTierOf(largest: number): NonNullable<Asset['resolution_tier']> {
  if (largest <= 720) return '720p';
  if (largest <= 1080) return '1080p';
  return largest <= 1440 ? '1440p' : '2160p';
}

/** In lowest terms: 1920x1080 is `16:9`. */
export function stringifyAspectRatio(width: number, height: number): string {
  const divisor = greatestCommonDivisor(width, height);
  return `${width / divisor}:${height / divisor}`;
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

const round3 = (value: number): number => Math.round(value * 1000) / 1000;
