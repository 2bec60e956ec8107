import { tracksOf, type World } from './model.ts';
import { groupRanks, spreadOverFilm } from './popularity.ts';

/** Objects that are asked for equally often. */
interface ObjectClass {
  readonly count: number;
  readonly sizeBytes: number;
  /** Part of all requests for segments that is for one of them. */
  readonly share: number;
}

export interface Flows {
  /** Requests for segments. */
  readonly requestsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Not answered by the points of presence. */
  readonly missesPerSecond: number;
  readonly storeReadsPerSecond: number;
  readonly storeBytesPerSecond: number;
  readonly hitRatio: number;
}

/** What points of presence of one size miss, by class of objects, each of them. */
interface MissStreams {
  readonly count: number;
  readonly lifeSeconds: number;
  readonly rates: readonly number[];
}

const FILM_PARTS = 10;

/**
 * The steady state of the world, by Che's approximation of LRU caches (Che, Tung, Wang 2002; why it is so exact: Fricker, Robert, Roberts
 * 2012): an object is there when it was asked for within the cache's characteristic time, which is the one that fills the cache. Pure;
 * `simulate.ts` plays the same world through, viewer by viewer, where that is small enough.
 */
export function computeFlows(world: World): Flows {
  const classes = classifyObjects(world);
  const requestsPerSecond = (world.viewers / world.segmentSeconds) * 2;
  const pops = world.pops.map(({ count, share, cacheBytes }): MissStreams => {
    const rates = classes.map((each) => each.share * share * requestsPerSecond);
    const lifeSeconds = characteristicTime(classes, rates, cacheBytes);
    return { count, lifeSeconds, rates: rates.map((rate) => rate * Math.exp(-rate * lifeSeconds)) };
  });
  const misses = classes.map((_, index) => pops.reduce((sum, { count, rates }) => sum + count * (rates[index] ?? 0), 0));
  const reads = world.shieldBytes === undefined ? misses : passShield(classes, misses, pops, world.shieldBytes);
  const total = (rates: readonly number[], weigh: (each: ObjectClass) => number): number =>
    classes.reduce((sum, each, index) => sum + each.count * weigh(each) * (rates[index] ?? 0), 0);
  const missesPerSecond = total(misses, () => 1);
  return {
    requestsPerSecond,
    bytesPerSecond: requestsPerSecond * classes.reduce((sum, { count, share, sizeBytes }) => sum + count * share * sizeBytes, 0),
    missesPerSecond,
    storeReadsPerSecond: total(reads, () => 1),
    storeBytesPerSecond: total(reads, ({ sizeBytes }) => sizeBytes),
    hitRatio: 1 - missesPerSecond / requestsPerSecond,
  };
}

/** All segments of all films, those alike together. A viewer asks for picture and sound alternately, so each is half of the requests. */
function classifyObjects(world: World): readonly ObjectClass[] {
  const tracks = tracksOf(world);
  const spread = spreadOverFilm(world.leaving, FILM_PARTS);
  const segments = world.segmentsPerFilm / FILM_PARTS;
  return groupRanks(world).flatMap((group) =>
    spread.flatMap((part) =>
      tracks.map(({ share, segmentBytes }) => ({
        count: group.films * segments,
        sizeBytes: segmentBytes,
        share: (group.share * part * share) / segments / 2,
      })),
    ),
  );
}

/**
 * What the shield lets through. A point of presence that has just fetched an object does not ask again while it has it, so for its own
 * requests only the others' count within that time (Martina, Garetto, Leonardi 2014); taking all misses as independent finds too many hits.
 */
function passShield(
  classes: readonly ObjectClass[],
  misses: readonly number[],
  pops: readonly MissStreams[],
  shieldBytes: number,
): readonly number[] {
  const shieldSeconds = characteristicTime(classes, misses, shieldBytes);
  return misses.map((all, index) =>
    pops.reduce((sum, { count, lifeSeconds, rates }) => {
      const own = rates[index] ?? 0;
      // Nobody asks in vain for what every point of presence keeps for ever.
      if (own === 0) return sum;
      const asked = (all - own) * shieldSeconds + own * Math.max(0, shieldSeconds - lifeSeconds);
      return sum + count * own * Math.exp(-asked);
    }, 0),
  );
}

/** Seconds after which a cache of so many bytes has forgotten an object that nobody asked for again; infinite when all fits. */
function characteristicTime(classes: readonly ObjectClass[], rates: readonly number[], cacheBytes: number): number {
  const heldBytes = (seconds: number): number =>
    classes.reduce((sum, { count, sizeBytes }, index) => sum - count * sizeBytes * Math.expm1(-(rates[index] ?? 0) * seconds), 0);
  if (classes.reduce((sum, { count, sizeBytes }) => sum + count * sizeBytes, 0) <= cacheBytes) return Number.POSITIVE_INFINITY;
  // Held bytes grow with the time: bisection over its logarithm.
  let [low, high] = [-10, 40];
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (heldBytes(Math.exp(middle)) < cacheBytes) low = middle;
    else high = middle;
  }
  return Math.exp(low);
}
