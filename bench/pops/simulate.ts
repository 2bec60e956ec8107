import { LruCache } from './lru.ts';
import { tracksOf, type World } from './model.ts';
import { createSampler, seededRandom } from './random.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** Each as long as a segment. */
  readonly warmUpRounds: number;
  readonly rounds: number;
  /** How long a read from the store takes; who asks meanwhile at the same place waits for it. */
  readonly fetchSeconds: number;
}

/** Of the rounds after the warm-up. `requests = hits + joined + misses`; `misses = shieldHits + storeReads`. */
export interface SimulationResult {
  readonly requests: number;
  readonly hits: number;
  /** Waited for a read that another had begun. */
  readonly joined: number;
  readonly misses: number;
  readonly shieldHits: number;
  readonly storeReads: number;
  readonly bytes: number;
  readonly storeBytes: number;
}

interface Viewer {
  film: number;
  segment: number;
  pop: number;
  rung: number;
  /** When in a round they ask, from 0 to 1. */
  phase: number;
}

interface Pop {
  readonly cache: LruCache;
  /** When each object that is being read will be there, in seconds. */
  readonly arriving: Map<string, number>;
}

/** Plays a world through, viewer by viewer and segment by segment. The same seed gives the same figures. */
export function simulate(world: World, { seed, warmUpRounds, rounds, fetchSeconds }: SimulationOptions): SimulationResult {
  const random = seededRandom(seed);
  const tracks = tracksOf(world);
  const pops = world.pops.flatMap(({ count, cacheBytes }) =>
    Array.from({ length: count }, (): Pop => ({ cache: new LruCache(cacheBytes), arriving: new Map() })),
  );
  const shield = world.shieldBytes === undefined ? undefined : new LruCache(world.shieldBytes);
  const draw = {
    film: createSampler(
      Array.from({ length: world.films }, (_, index) => (index + 1) ** -world.zipfExponent),
      random,
    ),
    pop: createSampler(
      world.pops.flatMap(({ count, share }) => Array<number>(count).fill(share)),
      random,
    ),
    rung: createSampler(
      world.rungs.map(({ share }) => share),
      random,
    ),
  };
  const begin = (viewer: Viewer, segment: number): void => {
    Object.assign(viewer, { film: draw.film(), pop: draw.pop(), rung: draw.rung(), segment });
  };
  const stays = Math.exp(-world.leaving / world.segmentsPerFilm);
  const viewers = Array.from({ length: world.viewers }, (): Viewer => {
    const viewer = { film: 0, segment: 0, pop: 0, rung: 0, phase: random() };
    begin(viewer, Math.floor(drawPosition(random(), world.leaving) * world.segmentsPerFilm));
    return viewer;
  }).sort((a, b) => a.phase - b.phase);

  const count = { requests: 0, hits: 0, joined: 0, misses: 0, shieldHits: 0, storeReads: 0, bytes: 0, storeBytes: 0 };
  const request = (place: Pop, key: string, sizeBytes: number, nowSeconds: number, counts: 0 | 1): void => {
    count.requests += counts;
    count.bytes += counts * sizeBytes;
    const arrivesAt = place.arriving.get(key);
    if (arrivesAt !== undefined && arrivesAt > nowSeconds) {
      count.joined += counts;
      return;
    }
    if (arrivesAt !== undefined) place.arriving.delete(key);
    if (place.cache.touch(key)) {
      count.hits += counts;
      return;
    }
    count.misses += counts;
    place.cache.add(key, sizeBytes);
    place.arriving.set(key, nowSeconds + fetchSeconds);
    if (shield?.touch(key)) {
      count.shieldHits += counts;
      return;
    }
    shield?.add(key, sizeBytes);
    count.storeReads += counts;
    count.storeBytes += counts * sizeBytes;
  };

  const audio = tracks.length - 1;
  for (let round = 0; round < warmUpRounds + rounds; round += 1) {
    const counts = round < warmUpRounds ? 0 : 1;
    for (const viewer of viewers) {
      const place = pops[viewer.pop];
      if (place === undefined) throw new RangeError('no such point of presence');
      const nowSeconds = (round + viewer.phase) * world.segmentSeconds;
      for (const track of [viewer.rung, audio]) {
        request(place, `${viewer.film}/${track}/${viewer.segment}`, tracks[track]?.segmentBytes ?? 0, nowSeconds, counts);
      }
      viewer.segment += 1;
      if (viewer.segment >= world.segmentsPerFilm || random() > stays) begin(viewer, 0);
    }
  }
  return count;
}

/** Where in a film somebody is who watches at any moment: density e^(-leaving · x), by the inverse of its distribution. */
function drawPosition(uniform: number, leaving: number): number {
  return leaving === 0 ? uniform : -Math.log(1 - uniform * (1 - Math.exp(-leaving))) / leaving;
}
