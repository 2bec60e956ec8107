/** One look at the progress of a transfer. `atMs` is a monotonic clock. */
export interface Sample {
  readonly sentBytes: number;
  readonly atMs: number;
}

/**
 * Ten seconds of history: long enough that a socket buffer filling in bursts does not make the figure jump, short
 * enough to follow a change of network.
 */
const WINDOW_MS = 10_000;
/** Samples closer together than this add nothing but memory. */
const MIN_STEP_MS = 200;
/** Below this much history a figure would be a guess. */
const MIN_HISTORY_MS = 1_000;

/** The history with one more sample. A count that went down (the server had fewer bytes than we sent) starts afresh. */
export function addSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last === undefined || sample.sentBytes < last.sentBytes) return [sample];
  if (sample.atMs - last.atMs < MIN_STEP_MS) return samples;
  return [...samples.filter(({ atMs }) => sample.atMs - atMs <= WINDOW_MS), sample];
}

/** Bytes a second over the window, or undefined while there is too little history to say. */
export function speedOf(samples: readonly Sample[]): number | undefined {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.atMs - first.atMs < MIN_HISTORY_MS) return undefined;
  return ((last.sentBytes - first.sentBytes) / (last.atMs - first.atMs)) * 1000;
}

/** Seconds until `totalBytes`, or undefined while the speed is unknown or nothing moves. */
export function remainingSeconds(samples: readonly Sample[], totalBytes: number): number | undefined {
  const speed = speedOf(samples);
  const last = samples.at(-1);
  if (speed === undefined || last === undefined || speed <= 0) return undefined;
  return (totalBytes - last.sentBytes) / speed;
}
