/** How to follow the assets that are still changing. */
export interface WatchPlan {
  /** By server-sent events, one connection each. */
  readonly streamed: readonly string[];
  /** By asking now and then. */
  readonly polled: readonly string[];
}

/** HTTP/1.1 allows a browser six connections to one origin, and thumbnails, uploads and the API need theirs. */
const MAX_STREAMS = 3;

/** `ids` in the order shown: what is at the top is followed most closely. */
export function planWatches(ids: readonly string[], maxStreams = MAX_STREAMS): WatchPlan {
  return { streamed: ids.slice(0, maxStreams), polled: ids.slice(maxStreams) };
}
