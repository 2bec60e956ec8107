/** Ten hours at 30 a second; a table of a few bytes may state billions. */
const MAX_PICTURES = 1_100_000;

/**
 * When a track's pictures are shown, in ticks and ascending, but for the start that its edits set. Pure.
 *
 * @param durations how many samples after one another, then how many ticks each of them lasts, and so on (`stts`, ISO/IEC 14496-12, 8.6.1.2)
 * @param offsets how many samples, then how much later than they are decoded each is shown, in 32 bits with a sign (`ctts`, 8.6.1.3);
 *   empty where they are shown as they are decoded
 * @returns undefined for more than are worth a look
 */
export function pictureTicks(durations: Uint32Array, offsets: Uint32Array): readonly number[] | undefined {
  if (countSamples(durations) > MAX_PICTURES) return undefined;
  const shown: number[] = [];
  const offsetOf = createReader(offsets);
  let tick = 0;
  for (let run = 0; run < durations.length; run += 2) {
    for (let left = durations[run] ?? 0; left > 0; left -= 1) {
      shown.push(tick + offsetOf());
      tick += durations[run + 1] ?? 0;
    }
  }
  return shown.sort((a, b) => a - b);
}

/** Gives each run's value as many times as it says, then 0. */
function createReader(runs: Uint32Array): () => number {
  let [run, left] = [0, runs[0] ?? 0];
  return () => {
    while (left === 0 && run < runs.length) {
      run += 2;
      left = runs[run] ?? 0;
    }
    left -= 1;
    return (runs[run + 1] ?? 0) | 0;
  };
}

const countSamples = (runs: Uint32Array): number => runs.reduce((sum, value, at) => sum + (at % 2 === 0 ? value : 0), 0);
