import type { SegmentAnswer } from '@mediaflow/shared/internal';
import type { MediaLocation } from '@mediaflow/shared/keys';
import type { AssetRow } from './db/schema.ts';

/** About what one unit takes on a free core. */
const RETRY_AFTER_SECONDS = 2;

/**
 * Whether an object that is not stored is still to come. Pure. An on-demand encoder would be called from where this
 * says `pending`.
 */
export function decideAbsent(
  location: MediaLocation,
  asset: Pick<AssetRow, 'status' | 'version' | 'timeline' | 'renditions'> | undefined,
): SegmentAnswer {
  if (asset?.status !== 'preparing' || asset.version !== location.version || asset.timeline === null) return { state: 'unknown' };
  const { object } = location;
  // Playlists are complete before the asset has a timeline here.
  if (object.kind === 'multivariant' || object.kind === 'playlist') return { state: 'unknown' };
  if (object.kind !== 'poster') {
    if (!asset.renditions?.some(({ id }) => id === object.renditionId)) return { state: 'unknown' };
    if (object.kind === 'segment' && object.number >= asset.timeline.segmentCount) return { state: 'unknown' };
  }
  return { state: 'pending', retry_after_seconds: RETRY_AFTER_SECONDS };
}
