import type { Asset, PlaybackIdObject } from '@mediaflow/shared/api';
import { type Rendition, shortSideOf } from '@mediaflow/shared/ladder';
import { toNumber } from '@mediaflow/shared/rational';
import { assetKindOf, type Source } from '@mediaflow/shared/source';
import { type Timeline, timelineDurationMs } from '@mediaflow/shared/timeline';
import type { AssetRow, PlaybackIdRow } from '../db/schema.ts';
import { stringifyTime } from './time.ts';

/** An asset in Mux's shape with our own fields at the end; what is not known yet is left out. */
export function presentAsset(row: AssetRow, playbackIds: readonly PlaybackIdRow[]): Asset {
  return {
    id: row.id,
    created_at: stringifyTime(row.created_at),
    status: row.status,
    encoding_tier: 'smart',
    video_quality: 'plus',
    master_access: 'none',
    max_resolution_tier: '2160p',
    progress: presentProgress(row),
    ...(row.timeline !== null && row.source !== null && presentMedia(row.source, row.timeline, row.renditions ?? [])),
    playback_ids: playbackIds.map(presentPlaybackId),
    ...(row.error_code !== null && { errors: { type: row.error_code, messages: [row.error_message ?? ''] } }),
    upload_id: row.upload_id,
    ingest_type: 'on_demand_direct_upload',
    ...(row.passthrough !== null && { passthrough: row.passthrough }),
    ...(Object.keys(row.meta).length > 0 && { meta: row.meta }),
    ...(row.playable_at !== null && { playable_at: stringifyTime(row.playable_at) }),
    source: { ...(row.sha256 !== null && { sha256: row.sha256 }), size: String(row.size_bytes) },
  };
}

export const presentPlaybackId = ({ id, policy }: PlaybackIdRow): PlaybackIdObject => ({ id, policy });

/** Whole per cent of the ladder that is stored; 100 only when all of it is. */
export function storedPercent({ stored_segments, total_segments }: Pick<AssetRow, 'stored_segments' | 'total_segments'>): number {
  return total_segments === 0 ? 0 : Math.min(100, Math.floor((stored_segments / total_segments) * 100));
}

function presentProgress(row: AssetRow): Asset['progress'] {
  const progress = storedPercent(row);
  switch (row.status) {
    case 'ready':
      return { state: 'completed', progress: 100 };
    case 'errored':
      return { state: 'errored', progress };
    case 'preparing':
      return { state: row.timeline === null ? 'ingesting' : 'transcoding', progress };
  }
}

type MediaFields = Pick<Asset, 'kind' | 'duration' | 'aspect_ratio' | 'resolution_tier' | 'max_stored_frame_rate' | 'tracks'>;

function presentMedia(source: Source, timeline: Timeline, renditions: readonly Rendition[]): MediaFields {
  const duration = round3(timelineDurationMs(timeline) / 1000);
  const frameRate = round3(toNumber(timeline.frameRate));
  return {
    kind: assetKindOf(source),
    duration,
    resolution_tier: resolutionTierOf(renditions),
    ...(source.video !== undefined && {
      aspect_ratio: stringifyAspectRatio(source.video.width, source.video.height),
      max_stored_frame_rate: frameRate,
    }),
    tracks: presentTracks(source, renditions, { duration, frameRate }),
  };
}

function presentTracks(
  source: Source,
  renditions: readonly Rendition[],
  { duration, frameRate }: { readonly duration: number; readonly frameRate: number },
): NonNullable<Asset['tracks']> {
  const video = source.video && {
    id: 'v0',
    type: 'video' as const,
    duration,
    max_width: source.video.width,
    max_height: source.video.height,
    max_frame_rate: frameRate,
  };
  const audio = renditions.flatMap((rendition, index) =>
    rendition.kind === 'audio'
      ? {
          id: rendition.id,
          type: 'audio' as const,
          duration,
          max_channels: rendition.channels,
          ...(rendition.language !== undefined && { language_code: rendition.language }),
          primary: renditions.findIndex(({ kind }) => kind === 'audio') === index,
        }
      : [],
  );
  return video === undefined ? audio : [video, ...audio];
}

/** By the largest stored rendition; anything up to 720p is Mux's lowest tier. */
function resolutionTierOf(renditions: readonly Rendition[]): NonNullable<Asset['resolution_tier']> {
  const shortSides = renditions.flatMap((rendition) => (rendition.kind === 'video' ? shortSideOf(rendition) : []));
  if (shortSides.length === 0) return 'audio-only';
  const largest = Math.max(...shortSides);
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
