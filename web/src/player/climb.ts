/** A segment that takes longer to begin is being encoded while we wait; one that is stored comes with the network's delay alone. */
const MADE_MS = 400;
/**
 * Stored segments in a row after which the next higher rung is likely to be stored as well. More than the origin makes ahead of a
 * viewer, of his rung alone.
 */
const STORED_IN_A_ROW = 4;

export interface LoadedSegment {
  readonly level: number;
  /** From the request to the first byte. */
  readonly firstByteMs: number;
}

export interface Climb {
  /** The highest level that the next segment may have, after this one. */
  judge(segment: LoadedSegment): number;
  /** The viewer has jumped to where nothing is known to be stored. */
  restart(): void;
}

/**
 * How high the player may go in a film that is still being made. What it asks for and nobody has encoded is encoded for it, and a large
 * picture takes longer than it plays: so it stays lowest where it runs ahead of the encoder, and climbs rung by rung where it does not.
 */
export function createClimb(lowestLevel: number): Climb {
  let stored = 0;
  let hasJumped = false;
  return {
    judge({ level, firstByteMs }) {
      const isStored = firstByteMs < MADE_MS && !hasJumped;
      // The first one after a jump may have been on its way before it, and tells nothing of the new place.
      hasJumped = false;
      stored = isStored ? stored + 1 : 0;
      if (stored === 0) return lowestLevel;
      if (stored < STORED_IN_A_ROW) return level;
      stored = 0;
      return level + 1;
    },
    restart() {
      hasJumped = true;
    },
  };
}
