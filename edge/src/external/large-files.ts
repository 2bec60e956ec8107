import type { ObjectInfo } from '@mediaflow/shared/object-store';
import { MAX_CACHED_BYTES, type ObjectPlace, type PlacedStore } from '../media-store.ts';
import { Recent } from '../recent.ts';

/** Size and validator of a file that is too large to be kept; undefined for all others. */
export type FindLarge = (place: ObjectPlace) => Promise<ObjectInfo | undefined>;

const MAX_REMEMBERED = 10_000;

/** Asked of the store once for each file: what HLS puts into one file is read in thousands of ranges. */
export function createFindLarge(store: PlacedStore<ObjectPlace>, maxCachedBytes = MAX_CACHED_BYTES): FindLarge {
  const known = new Recent<{ readonly large: ObjectInfo | undefined }>(MAX_REMEMBERED);
  return async (place) => {
    const remembered = known.get(place.cacheKey);
    if (remembered !== undefined) return remembered.large;
    const info = await store.inspect(place);
    const large = info !== undefined && info.sizeBytes > maxCachedBytes ? { sizeBytes: info.sizeBytes, etag: info.etag } : undefined;
    if (info !== undefined) known.set(place.cacheKey, { large }, 1);
    return large;
  };
}
