/** Most flips fall where the structure is: a flip in the media changes a picture, not the verdict. */
const HEADER_BYTES = 2_000;

/** Mulberry32: the same mutants in every run, so that a failure can be had again. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export function mutate(seed: Uint8Array, random: (below: number) => number): Uint8Array {
  const mutant = Uint8Array.from(seed);
  const flips = 1 + random(24);
  for (let flip = 0; flip < flips; flip += 1) {
    const range = random(4) === 0 ? mutant.length : Math.min(mutant.length, HEADER_BYTES);
    mutant[random(range)] = random(256);
  }
  return random(4) === 0 ? mutant.subarray(0, 1 + random(mutant.length)) : mutant;
}
