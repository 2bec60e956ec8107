/** A world to be simulated or computed; every number in it is an assumption (docs/scale.md). */
export interface World {
  /** Viewers at any moment. */
  readonly viewers: number;
  readonly films: number;
  /** The film of rank r is watched in proportion to r^-exponent. */
  readonly zipfExponent: number;
  readonly segmentsPerFilm: number;
  readonly segmentSeconds: number;
  /** Of those who begin a film, e^(-leaving · x) still watch at the part x of it. */
  readonly leaving: number;
  readonly rungs: readonly Rung[];
  readonly audioBps: number;
  readonly pops: readonly PopClass[];
  /** Undefined: the points of presence read the store themselves, as Workers' caches do. */
  readonly shieldBytes?: number;
}

export interface Rung {
  readonly bitrateBps: number;
  /** Part of the viewers who watch it. */
  readonly share: number;
}

/** Points of presence of one size. */
export interface PopClass {
  readonly count: number;
  /** Part of all viewers at each of them. */
  readonly share: number;
  readonly cacheBytes: number;
}

const TB = 1e12;

export const DEFAULT_WORLD: World = {
  viewers: 1_000_000,
  films: 100_000,
  zipfExponent: 0.9,
  segmentsPerFilm: 300,
  segmentSeconds: 4,
  leaving: 2,
  rungs: [
    { bitrateBps: 4_000_000, share: 0.45 },
    { bitrateBps: 2_200_000, share: 0.3 },
    { bitrateBps: 1_100_000, share: 0.15 },
    { bitrateBps: 650_000, share: 0.1 },
  ],
  audioBps: 128_000,
  pops: [
    { count: 10, share: 0.03, cacheBytes: 10 * TB },
    { count: 40, share: 0.01, cacheBytes: 10 * TB },
    { count: 100, share: 0.002, cacheBytes: 10 * TB },
    { count: 150, share: 0.1 / 150, cacheBytes: 10 * TB },
  ],
};

/** Tracks that a viewer may fetch: each rung of the picture, and the sound, which all fetch. */
export function tracksOf({ rungs, audioBps, segmentSeconds }: World): readonly { readonly share: number; readonly segmentBytes: number }[] {
  const bytes = (bitrateBps: number): number => (bitrateBps * segmentSeconds) / 8;
  return [
    ...rungs.map(({ share, bitrateBps }) => ({ share, segmentBytes: bytes(bitrateBps) })),
    { share: 1, segmentBytes: bytes(audioBps) },
  ];
}
