export interface TimedBytes {
  readonly sizeBytes: number;
  readonly seconds: number;
}

/** Of the target duration: over less a rate does not count, and over more it is no peak (RFC 8216, 4.1). */
const [SHORTEST_RUN, LONGEST_RUN] = [0.5, 1.5];

/**
 * Bits per second of the busiest segment, or run of segments, of about the target duration; of all, where that is less. What is left
 * over at a film's end may be a single picture, and that a keyframe: by itself it has many times the rate that it takes to play the film.
 */
export function peakBitrate(segments: readonly TimedBytes[], targetSeconds: number): number {
  let peakBps = 0;
  for (let first = 0; first < segments.length; first += 1) {
    let bits = 0;
    let seconds = 0;
    for (let last = first; last < segments.length && seconds < LONGEST_RUN * targetSeconds; last += 1) {
      const { sizeBytes, seconds: added } = segments[last] as TimedBytes;
      bits += sizeBytes * 8;
      seconds += added;
      const isRun = seconds >= SHORTEST_RUN * targetSeconds && seconds <= LONGEST_RUN * targetSeconds;
      if (isRun) peakBps = Math.max(peakBps, bits / seconds);
    }
  }
  return peakBps > 0 ? peakBps : rateOf(segments);
}

function rateOf(segments: readonly TimedBytes[]): number {
  const bits = segments.reduce((sum, { sizeBytes }) => sum + sizeBytes * 8, 0);
  // The first audio segment of a very short sound may hold nothing but the priming frame.
  const seconds = segments.reduce((sum, segment) => sum + segment.seconds, 0);
  return seconds > 0 ? bits / seconds : 0;
}
