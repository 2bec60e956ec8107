import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeFlows } from './compute.ts';
import { computeCosts, workersRequestsPerSecond } from './cost.ts';
import { LruCache } from './lru.ts';
import { DEFAULT_WORLD, type World } from './model.ts';
import { groupRanks, spreadOverFilm } from './popularity.ts';
import { createSampler, seededRandom } from './random.ts';
import { simulate } from './simulate.ts';

describe('the cache', () => {
  it('keeps what a list that is searched from end to end would keep', () => {
    const requests = fc.array(fc.record({ key: fc.integer({ min: 0, max: 12 }), sizeBytes: fc.constant(0) }), { maxLength: 200 });
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 30 }), (asked, capacityBytes) => {
        const cache = new LruCache(capacityBytes);
        let model: { key: string; sizeBytes: number }[] = [];
        for (const { key: number } of asked) {
          const [key, sizeBytes] = [String(number), (number % 5) + 1];
          const known = model.find((entry) => entry.key === key);
          expect(cache.touch(key)).toBe(known !== undefined);
          if (known === undefined && sizeBytes <= capacityBytes) {
            cache.add(key, sizeBytes);
            model.push({ key, sizeBytes });
          } else if (known !== undefined) {
            model = [...model.filter((entry) => entry !== known), known];
          }
          while (model.reduce((sum, entry) => sum + entry.sizeBytes, 0) > capacityBytes) model.shift();
          expect(cache.bytes).toBe(model.reduce((sum, entry) => sum + entry.sizeBytes, 0));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('does not keep what is larger than itself, nor make room for it', () => {
    const cache = new LruCache(10);
    cache.add('small', 6);
    cache.add('large', 11);
    expect([cache.touch('large'), cache.touch('small'), cache.bytes]).toEqual([false, true, 6]);
  });
});

it('draws in proportion to the weights', () => {
  const draw = createSampler([1, 0, 3], seededRandom(7));
  const counts = [0, 0, 0];
  for (let index = 0; index < 10_000; index += 1) {
    const drawn = draw();
    counts[drawn] = (counts[drawn] ?? 0) + 1;
  }
  expect(counts[1]).toBe(0);
  expect((counts[2] ?? 0) / (counts[0] ?? 0)).toBeCloseTo(3, 0);
});

it.each([1, 99, 100, 101, 5_000])('groups %d films, none left out, and all viewers watch one of them', (films) => {
  const groups = groupRanks({ films, zipfExponent: 0.9 });
  expect(groups.reduce((sum, group) => sum + group.films, 0)).toBe(films);
  expect(groups.reduce((sum, group) => sum + group.films * group.share, 0)).toBeCloseTo(1, 9);
});

it('puts more viewers at a film’s beginning than at its end, and all of them somewhere', () => {
  const spread = spreadOverFilm(2, 10);
  expect(spread.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  expect((spread[0] ?? 0) / (spread[9] ?? 0)).toBeCloseTo(Math.exp(1.8), 6);
});

const SMALL: World = {
  ...DEFAULT_WORLD,
  viewers: 500,
  films: 100,
  segmentsPerFilm: 30,
  pops: [
    { count: 1, share: 0.5, cacheBytes: 2e9 },
    { count: 2, share: 0.25, cacheBytes: 2e9 },
  ],
};
const OPTIONS = { seed: 3, warmUpRounds: 150, rounds: 100, fetchSeconds: 0.05 };

describe.each([
  ['without a shield', SMALL],
  ['with a shield', { ...SMALL, shieldBytes: 4e9 }],
])('a small world %s', (_, world) => {
  const result = simulate(world, OPTIONS);

  it('loses no request', () => {
    expect(result.requests).toBe(world.viewers * 2 * OPTIONS.rounds);
    expect(result.hits + result.joined + result.misses).toBe(result.requests);
    expect(result.shieldHits + result.storeReads).toBe(result.misses);
    expect(result.storeBytes).toBeLessThanOrEqual(result.bytes);
  });

  it('goes the same way again from the same seed, and another from another', () => {
    expect(simulate(world, OPTIONS)).toEqual(result);
    expect(simulate(world, { ...OPTIONS, seed: 4 })).not.toEqual(result);
  });

  it('is what is computed for it', () => {
    const computed = computeFlows(world);
    expect((result.hits + result.joined) / result.requests).toBeCloseTo(computed.hitRatio, 1);
    expect(result.storeReads / result.requests).toBeCloseTo(computed.storeReadsPerSecond / computed.requestsPerSecond, 1);
  });
});

describe('computed flows', () => {
  it('miss nothing when every cache holds all', () => {
    const pops = SMALL.pops.map((pop) => ({ ...pop, cacheBytes: 1e15 }));
    expect(computeFlows({ ...SMALL, pops })).toMatchObject({ hitRatio: 1, storeReadsPerSecond: 0, storeBytesPerSecond: 0 });
  });

  it('miss everything without caches', () => {
    const pops = SMALL.pops.map((pop) => ({ ...pop, cacheBytes: 1 }));
    const flows = computeFlows({ ...SMALL, pops });
    expect(flows.hitRatio).toBeCloseTo(0, 4);
    expect(flows.storeBytesPerSecond / flows.bytesPerSecond).toBeCloseTo(1, 4);
  });

  it('hit as often with a hundred times the viewers, and read a hundred times as much', () => {
    const [few, many] = [computeFlows(SMALL), computeFlows({ ...SMALL, viewers: SMALL.viewers * 100 })];
    expect(many.hitRatio).toBeCloseTo(few.hitRatio, 6);
    expect(many.storeReadsPerSecond / few.storeReadsPerSecond).toBeCloseTo(100, 3);
  });
});

it('costs what the lists say', () => {
  const world: World = { ...SMALL, viewers: 1_000, leaving: 0, pops: [{ count: 1, share: 1, cacheBytes: 1e15 }] };
  const flows = computeFlows(world);
  // A request for picture and one for sound each 4 s; three playlists each 120 s.
  expect(workersRequestsPerSecond(world, flows)).toBeCloseTo(500 + 25, 6);
  const costs = computeCosts(world, flows, 0.2);
  expect(costs.cloudflare.requests).toBeCloseTo((525 * 730 * 3600 * 0.3) / 1e6, 3);
  expect(costs.cloudflare.storeReads).toBe(0);
  expect(costs.cloudflareStream).toBeCloseTo(1_000 * 730 * 60 * 0.001 + 100 * 2 * 0.005, 3);
  expect(costs.selfHosted.servers).toBe(2);
});
