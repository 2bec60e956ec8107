import { writeRecord } from './common/record.ts';
import { round } from './common/statistics.ts';
import { computeFlows, type Flows } from './pops/compute.ts';
import { computeCosts, workersRequestsPerSecond } from './pops/cost.ts';
import { DEFAULT_WORLD, type World } from './pops/model.ts';
import { PRICES } from './pops/prices.ts';
import { simulate } from './pops/simulate.ts';

/**
 * `node bench/pops.ts`: how many requests reach the store, and what a month costs, with a million and a hundred million viewers. Computed,
 * after the computation has been held against a simulation of a small world.
 */
const TB = 1e12;
/** What Cloudflare would bill for a request: assumed; a cached segment takes 0.15 to 0.35 ms here, run by run (results/edge.json). */
const CPU_MS_PER_REQUEST = 0.2;
const SIMULATION = { seed: 1, warmUpRounds: 600, rounds: 300, fetchSeconds: 0.05 };
/** How far apart computation and simulation may be, in points of the hit ratio. */
const BUDGET = { hitRatioDifference: 0.02 };

const agreement = ['without a shield', 'with a shield'].map(compareWithSimulation);
const cases = listCases().map(({ name, world }) => ({ name, world, ...evaluate(world) }));
report();
await writeRecord('pops', {
  budget: BUDGET,
  simulation: SIMULATION,
  prices: PRICES,
  cpuMsPerRequest: CPU_MS_PER_REQUEST,
  agreement,
  cases,
});
if (agreement.some(({ difference }) => difference > BUDGET.hitRatioDifference)) process.exitCode = 1;

function compareWithSimulation(name: string) {
  const world: World = {
    ...DEFAULT_WORLD,
    viewers: 2_000,
    films: 400,
    segmentsPerFilm: 60,
    pops: [
      { count: 1, share: 0.5, cacheBytes: 10e9 },
      { count: 2, share: 0.25, cacheBytes: 10e9 },
    ],
    ...(name === 'with a shield' && { shieldBytes: 30e9 }),
  };
  const simulated = simulate(world, SIMULATION);
  const computed = computeFlows(world);
  const simulatedHitRatio = (simulated.hits + simulated.joined) / simulated.requests;
  const simulatedStoreRatio = simulated.storeReads / simulated.requests;
  const computedStoreRatio = computed.storeReadsPerSecond / computed.requestsPerSecond;
  const difference = Math.max(Math.abs(simulatedHitRatio - computed.hitRatio), Math.abs(simulatedStoreRatio - computedStoreRatio));
  return { name, simulated, simulatedHitRatio, computedHitRatio: computed.hitRatio, simulatedStoreRatio, computedStoreRatio, difference };
}

function listCases(): readonly { readonly name: string; readonly world: World }[] {
  const withCaches = (cacheBytes: number): World => ({ ...DEFAULT_WORLD, pops: DEFAULT_WORLD.pops.map((pop) => ({ ...pop, cacheBytes })) });
  return [
    { name: '1 M viewers', world: DEFAULT_WORLD },
    { name: '1 M, shield of 100 TB', world: { ...DEFAULT_WORLD, shieldBytes: 100 * TB } },
    { name: '1 M, 10,000 films', world: { ...DEFAULT_WORLD, films: 10_000 } },
    { name: '1 M, 1,000,000 films', world: { ...DEFAULT_WORLD, films: 1_000_000 } },
    { name: '1 M, Zipf 0.7', world: { ...DEFAULT_WORLD, zipfExponent: 0.7 } },
    { name: '1 M, Zipf 1.1', world: { ...DEFAULT_WORLD, zipfExponent: 1.1 } },
    { name: '1 M, caches of 1 TB', world: withCaches(TB) },
    { name: '1 M, caches of 100 TB', world: withCaches(100 * TB) },
    { name: '100 M viewers', world: { ...DEFAULT_WORLD, viewers: 100_000_000 } },
    { name: '100 M, shield of 100 TB', world: { ...DEFAULT_WORLD, viewers: 100_000_000, shieldBytes: 100 * TB } },
  ];
}

function evaluate(world: World) {
  const flows: Flows = computeFlows(world);
  return {
    flows,
    workersRequestsPerSecond: workersRequestsPerSecond(world, flows),
    monthly: computeCosts(world, flows, CPU_MS_PER_REQUEST),
  };
}

function report(): void {
  const dollars = (amount: number): string => `$${Math.round(amount / 1000).toLocaleString('en')}k`;
  console.table(
    Object.fromEntries(
      agreement.map((each) => [
        `small world ${each.name}`,
        {
          'hit ratio simulated': round(each.simulatedHitRatio, 4),
          computed: round(each.computedHitRatio, 4),
          'store reads per request simulated': round(each.simulatedStoreRatio, 4),
          'computed ': round(each.computedStoreRatio, 4),
        },
      ]),
    ),
  );
  console.table(
    Object.fromEntries(
      cases.map(({ name, flows, monthly }) => [
        name,
        {
          'hit ratio': round(flows.hitRatio, 4),
          'M requests/s': round(flows.requestsPerSecond / 1e6, 2),
          'Tb/s': round((flows.bytesPerSecond * 8) / 1e12, 2),
          'store reads/s': Math.round(flows.storeReadsPerSecond),
          'store Gb/s': round((flows.storeBytesPerSecond * 8) / 1e9, 1),
          Cloudflare: dollars(monthly.cloudflare.total),
          'self-hosted': dollars(monthly.selfHosted.total),
          Stream: dollars(monthly.cloudflareStream),
          Mux: dollars(monthly.mux),
        },
      ]),
    ),
  );
}
