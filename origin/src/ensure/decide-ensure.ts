import type { MediaLocation, MediaObject } from '@mediaflow/shared/keys';
import { type Timeline, textSegmentCount } from '@mediaflow/shared/timeline';
import type { AssetRow } from '../db/schema.ts';

/** The work that makes an object which is not in the store. `unknown`: no playlist names it, so nothing will. */
export type EnsureDecision =
  | { readonly kind: 'unknown' }
  /** An urgent job; of every rendition, that of segment 0 makes the init segment too. */
  | { readonly kind: 'segment'; readonly renditionId: string; readonly number: number }
  | { readonly kind: 'text'; readonly renditionId: string }
  | { readonly kind: 'poster' }
  /** The manifests of a revision and the playlists of what it lists. */
  | { readonly kind: 'publish'; readonly revision: number };

export type EnsureAsset = Pick<AssetRow, 'status' | 'version' | 'timeline' | 'renditions' | 'source' | 'playlist_revision'>;

const UNKNOWN: EnsureDecision = { kind: 'unknown' };

/**
 * Which work makes an absent object of an asset. Pure. A ready asset's objects are made again like those of one in
 * preparation; an errored one has what it has.
 */
export function decideEnsure({ version, object }: MediaLocation, asset: EnsureAsset | undefined): EnsureDecision {
  if (asset === undefined || asset.status === 'errored' || asset.version !== version || asset.timeline === null) return UNKNOWN;
  switch (object.kind) {
    case 'multivariant':
    case 'dash':
      return object.revision <= asset.playlist_revision ? { kind: 'publish', revision: object.revision } : UNKNOWN;
    case 'poster':
      return asset.source?.video === undefined ? UNKNOWN : { kind: 'poster' };
    default:
      return asset.renditions?.some(({ id }) => id === object.renditionId) === true
        ? decideOfRendition(object, asset.timeline, asset.playlist_revision)
        : UNKNOWN;
  }
}

type RenditionObject = Extract<MediaObject, { readonly renditionId: string }>;

function decideOfRendition(object: RenditionObject, timeline: Timeline, revision: number): EnsureDecision {
  const { renditionId } = object;
  switch (object.kind) {
    case 'playlist':
      return { kind: 'publish', revision };
    case 'iframes':
      // The first manifests name none: sizes are not measured yet.
      return revision === 0 ? UNKNOWN : { kind: 'publish', revision };
    case 'init':
      return { kind: 'segment', renditionId, number: 0 };
    case 'segment':
      if (renditionId.startsWith('t')) return object.number < textSegmentCount(timeline) ? { kind: 'text', renditionId } : UNKNOWN;
      return object.number < timeline.segmentCount ? { kind: 'segment', renditionId, number: object.number } : UNKNOWN;
  }
}
