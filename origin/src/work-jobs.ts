import { AppError } from '@mediaflow/shared/errors';
import { mediaPrefix, sourcePrefix } from '@mediaflow/shared/keys';
import type { Rendition } from '@mediaflow/shared/ladder';
import type { Source } from '@mediaflow/shared/source';
import type { Timeline } from '@mediaflow/shared/timeline';
import type { Unit } from '@mediaflow/shared/units';
import type { OutboxJob } from './db/outbox.ts';
import type { AssetRow } from './db/schema.ts';

/** Jobs for one asset as its row stands. Pure. */
export function planProbeJob(asset: AssetRow): OutboxJob & { readonly job: 'probe' } {
  return { job: 'probe', payload: workOf(asset) };
}

export function planEncodeJob(asset: AssetRow, unit: Unit): OutboxJob & { readonly job: 'encode' } {
  const { source, timeline, renditions } = mediaOf(asset);
  return {
    job: 'encode',
    payload: {
      ...workOf(asset),
      source,
      timeline,
      renditions: renditions.filter((rendition) => unit.renditionIds.includes(rendition.id)),
      unit,
    },
  };
}

/** None for sound alone. */
export function planPosterJobs(asset: AssetRow): readonly OutboxJob[] {
  const { source } = mediaOf(asset);
  return source.video === undefined ? [] : [{ job: 'poster', payload: { ...workOf(asset), source } }];
}

/** Everything that is stored of the asset. */
export function planPurgeJob(asset: Pick<AssetRow, 'id' | 'upload_id'>): OutboxJob {
  return { job: 'purge', payload: { assetId: asset.id, prefixes: [mediaPrefix(asset.id), sourcePrefix(asset.upload_id)] } };
}

function workOf(asset: AssetRow) {
  return {
    assetId: asset.id,
    version: asset.version,
    sourceKey: asset.source_key,
    sizeBytes: asset.size_bytes,
    ...(asset.sha256 !== null && { sha256: asset.sha256 }),
  };
}

function mediaOf(asset: AssetRow): { readonly source: Source; readonly timeline: Timeline; readonly renditions: readonly Rendition[] } {
  const { source, timeline, renditions } = asset;
  if (source === null || timeline === null || renditions === null) {
    throw new AppError('internal', 'An asset without a timeline has nothing to encode.', { details: { assetId: asset.id } });
  }
  return { source, timeline, renditions };
}
