import type { MediaObject } from '@mediaflow/shared/keys';

/** How the outside may keep each kind of object; what this edge keeps itself is in `MediaCache`. */
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
