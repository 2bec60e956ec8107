import { type MediaLocation, type MediaObject, mediaContentType, mediaKey } from '@mediaflow/shared/keys';
import type { ObjectInfo } from '@mediaflow/shared/object-store';

/** How the outside may keep each kind of object; what this edge keeps itself is in `media-store.ts`. */
export const CACHE_CONTROL = {
  /** Hold a viewer's session. */
  multivariant: 'private, no-store',
  dash: 'private, no-store',
  /** The same for all viewers, yet small, and its URL is a session's. */
  playlist: 'private, max-age=60',
  iframes: 'private, max-age=60',
  // A version's objects never change. Private, because the URL is a viewer's session: a shared cache in between could go on
  // serving it after the session has ended, and no second viewer would ever ask for it there.
  init: 'private, max-age=31536000, immutable',
  segment: 'private, max-age=31536000, immutable',
  poster: 'private, max-age=60',
  /** Not there, or not there yet: a viewer who asks again must reach us. */
  absent: 'no-store',
} as const satisfies Record<MediaObject['kind'] | 'absent', string>;

/** Entries are complete and immutable, so the cache itself may keep them as long as it likes. */
const STORED_CACHE_CONTROL = 'public, max-age=31536000, immutable';

/**
 * Made from the object's key and nothing else: neither token nor session nor query is in it, so media is cached once whatever
 * the number of viewers, and no request can choose what another one reads.
 */
export function cacheUrl(location: MediaLocation): string {
  return `https://media.mediaflow.internal/${mediaKey(location)}`;
}

export function cachedHeaders(object: MediaObject, { sizeBytes, etag }: ObjectInfo): Headers {
  return new Headers({
    'cache-control': STORED_CACHE_CONTROL,
    'content-type': mediaContentType(object),
    'content-length': String(sizeBytes),
    etag,
  });
}
