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

/**
 * How high the player may go in a film that is still being made. What it asks for and nobody has encoded is encoded for it, and a large
 * picture takes longer than it plays: so it stays lowest where it runs ahead of the encoder, and climbs rung by rung where it does not.
 */
export function createClimb(lowestLevel: number): (segment: LoadedSegment) => number {
  let stored = 0;
  return ({ level, firstByteMs }) => {
    stored = firstByteMs < MADE_MS ? stored + 1 : 0;
    if (stored === 0) return lowestLevel;
    if (stored < STORED_IN_A_ROW) return level;
    stored = 0;
    return level + 1;
  };
}
