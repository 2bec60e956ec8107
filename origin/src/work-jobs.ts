import { AppError } from '@mediaflow/shared/errors';
import type { MeasuredRendition } from '@mediaflow/shared/jobs';
import { mediaPrefix, sourcePrefix } from '@mediaflow/shared/keys';
import { isExtra, type MediaRendition, type Rendition, type SecondCodec } from '@mediaflow/shared/rendition';
import type { Source } from '@mediaflow/shared/source';
import type { Timeline } from '@mediaflow/shared/timeline';
import type { Unit } from '@mediaflow/shared/units';
import type { OutboxJob } from './db/outbox.ts';
import type { AssetRow } from './db/schema.ts';

type JobOf<Name extends OutboxJob['job']> = Extract<OutboxJob, { readonly job: Name }>;

/** Jobs for one asset as its row stands. Pure. */
export function planProbeJob(asset: AssetRow, secondCodec?: SecondCodec): JobOf<'probe'> {
  return { job: 'probe', payload: { ...workOf(asset), quality: asset.video_quality, ...(secondCodec !== undefined && { secondCodec }) } };
}

/** @param fence the unit's present one */
export function planEncodeJob(asset: AssetRow, unit: Unit, fence: number): JobOf<'encode'> {
  const { renditions, ...media } = mediaOf(asset);
  const own = renditions.filter((rendition) => unit.renditionIds.includes(rendition.id));
  return { job: 'encode', payload: { ...media, renditions: own, unit, fence } };
}

/** @throws AppError `not_found` for a rendition that the asset does not have, or that is not encoded by the segment */
export function planUrgentJob(asset: AssetRow, renditionId: string, number: number, isAhead: boolean): JobOf<'urgent'> {
  const { renditions, ...media } = mediaOf(asset);
  const rendition = renditions.find(({ id }) => id === renditionId);
  if (rendition === undefined || rendition.kind === 'text') {
    throw new AppError('not_found', 'There is no such rendition.', { details: { assetId: asset.id, renditionId } });
  }
  return { job: 'urgent', payload: { ...media, rendition, number, isAhead } };
}

/** What a player asks for first: segment 0 of the lowest rung and of the default sound. */
export function planOpeningJobs(asset: AssetRow): readonly JobOf<'urgent'>[] {
  const media = mediaOf(asset).renditions.filter((rendition): rendition is MediaRendition => rendition.kind !== 'text');
  const lowest = media.findLast((rendition) => rendition.kind === 'video' && !isExtra(rendition));
  const sound = media.find((rendition) => rendition.kind === 'audio' && rendition.isDefault);
  return [lowest, sound].filter((rendition) => rendition !== undefined).map(({ id }) => planUrgentJob(asset, id, 0, false));
}

/** None for sound alone. */
export function planPosterJobs(asset: AssetRow): readonly JobOf<'poster'>[] {
  const { source } = mediaOf(asset);
  return source.video === undefined ? [] : [{ job: 'poster', payload: { ...workOf(asset), source } }];
}

/** One for each subtitle track. */
export function planTextJobs(asset: AssetRow): readonly JobOf<'text'>[] {
  const { renditions, ...media } = mediaOf(asset);
  return renditions
    .filter((rendition) => rendition.kind === 'text')
    .map((rendition) => ({ job: 'text' as const, payload: { ...media, rendition } }));
}

/** @param renditions those that the revision lists; `measured` of those among them whose every segment is stored */
export function planPublishJob(
  asset: AssetRow,
  revision: number,
  renditions: readonly Rendition[],
  measured: readonly MeasuredRendition[] = [],
): JobOf<'publish'> {
  const { timeline } = mediaOf(asset);
  return {
    job: 'publish',
    payload: { assetId: asset.id, version: asset.version, revision, timeline, renditions: [...renditions], measured: [...measured] },
  };
}

/** What premium's renditions are chosen by. */
export function planAnalyzeJob(asset: AssetRow, secondCodec?: SecondCodec): JobOf<'analyze'> {
  const { renditions, ...media } = mediaOf(asset);
  return { job: 'analyze', payload: { ...media, renditions: [...renditions], ...(secondCodec !== undefined && { secondCodec }) } };
}

/** Compares the given renditions, by default every video rendition, with the source. */
export function planMeasureJob(asset: AssetRow, renditions?: readonly Rendition[]): JobOf<'measure'> {
  const { renditions: all, ...media } = mediaOf(asset);
  return { job: 'measure', payload: { ...media, renditions: [...(renditions ?? all.filter(({ kind }) => kind === 'video'))] } };
}

/** Everything that is stored of the asset; what a customer put into the bucket stays there. */
export function planPurgeJob({ id, upload_id: uploadId }: Pick<AssetRow, 'id' | 'upload_id'>): JobOf<'purge'> {
  const prefixes = [mediaPrefix(id), ...(uploadId === null ? [] : [sourcePrefix(uploadId)])];
  return { job: 'purge', payload: { assetId: id, prefixes } };
}

function workOf(asset: AssetRow) {
  if (asset.source_key === null)
    throw new AppError('internal', 'There is no work for an external asset.', { details: { assetId: asset.id } });
  return {
    assetId: asset.id,
    version: asset.version,
    sourceKey: asset.source_key,
    sizeBytes: asset.size_bytes,
    ...(asset.sha256 !== null && { sha256: asset.sha256 }),
  };
}

interface Media extends ReturnType<typeof workOf> {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly renditions: readonly Rendition[];
}

function mediaOf(asset: AssetRow): Media {
  const { source, timeline, renditions } = asset;
  if (source === null || timeline === null || renditions === null) {
    throw new AppError('internal', 'An asset without a timeline has nothing to encode.', { details: { assetId: asset.id } });
  }
  return { ...workOf(asset), source, timeline, renditions };
}
