import { setBounded } from './bounded-map.ts';

/** Whether whoever waits has gone meanwhile; to be asked again and again, because no event crosses from one request to another. */
export type HasLeft = () => boolean;

/** Where in a film each viewer is, as far as this isolate sees. */
export interface ViewerPlaces {
  /** Notes that a viewer wants a segment. The answer turns true when he wants one elsewhere in the film. */
  arrive(viewerId: string, renditionId: string, segment: number): HasLeft;
  /** The same for who need not wait. */
  pass(viewerId: string, renditionId: string, segment: number): void;
}

/**
 * A player fills its buffer forwards, some with a few requests at once; two minutes on or back is a jump, and nobody waits at the old
 * place any more.
 */
const NEAR_SEGMENTS = 30;
const MAX_VIEWERS = 10_000;

/**
 * A connection that closes says as much, but not through every proxy: `wrangler dev` keeps it open to the end. Picture and sound are
 * buffered separately, so each has a place of its own.
 */
export function createViewerPlaces(): ViewerPlaces {
  const places = new Map<string, number>();
  const keyOf = (viewerId: string, renditionId: string): string => `${viewerId}/${renditionId.charAt(0)}`;
  return {
    pass(viewerId, renditionId, segment) {
      const key = keyOf(viewerId, renditionId);
      // Nobody waits for somebody who is not known here.
      if (places.has(key)) places.set(key, segment);
    },
    arrive(viewerId, renditionId, segment) {
      const key = keyOf(viewerId, renditionId);
      setBounded(places, key, segment, MAX_VIEWERS);
      return () => Math.abs((places.get(key) ?? segment) - segment) > NEAR_SEGMENTS;
    },
  };
}
