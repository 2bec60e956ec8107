import { AppError } from '@mediaflow/shared/errors';
import type { SegmentAnswer } from '@mediaflow/shared/internal';
import { type MediaLocation, mediaContentType, mediaKey } from '@mediaflow/shared/keys';
import type { Lookup } from './lookup.ts';
import type { MediaStore, ObjectPlace, PlacedStore } from './media-store.ts';

const DEFAULT_RETRY_AFTER_SECONDS = 1;

/**
 * The store as players see it: what a playlist names and nobody has made yet, or what got lost, is made while the request waits.
 * Undefined is left for what no playlist names.
 *
 * @param make the origin's answer for a key, which comes when the object is stored or the wait is over
 * @param canMake whether it would be made
 */
export function createMakingStore(
  store: PlacedStore<ObjectPlace>,
  make: Lookup<SegmentAnswer>,
  canMake: (key: string) => Promise<boolean>,
): MediaStore {
  return {
    /** @throws AppError `segment_pending` when the object is not there after the longest wait */
    async read(location, waitUntil, hasLeft) {
      const place = placeOf(location);
      const stored = await store.read(place, waitUntil);
      if (stored !== undefined) return stored;
      const answer = await make(place.key, waitUntil, hasLeft);
      if (answer === undefined || answer.state === 'unknown') return undefined;
      const made = answer.state === 'stored' ? await store.read(place, waitUntil) : undefined;
      if (made !== undefined) return { ...made, outcome: 'made' };
      throw pending(answer.retry_after_seconds);
    },

    /**
     * Makes nothing: a question about the headers is no reason to encode.
     *
     * @throws AppError `segment_pending` for what would be made
     */
    async inspect(location) {
      const place = placeOf(location);
      const stored = await store.inspect(place);
      if (stored === undefined && (await canMake(place.key))) throw pending();
      return stored;
    },
  };
}

/** The key alone: the version is in it. */
function placeOf(location: MediaLocation): ObjectPlace {
  const key = mediaKey(location);
  const { object } = location;
  return { key, cacheKey: key, contentType: mediaContentType(object), object };
}

const pending = (retryAfterSeconds = DEFAULT_RETRY_AFTER_SECONDS): AppError =>
  new AppError('segment_pending', 'This part of the video is still being made.', { retryAfterSeconds });
