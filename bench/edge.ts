import { parseArgs } from 'node:util';
import { ensurePrograms } from '../cli/src/setup/packages.ts';
import { type CleanUp, withCleanUp } from './common/clean-up.ts';
import { writeRecord } from './common/record.ts';
import { median, round } from './common/statistics.ts';
import { measureCachedObject } from './edge/cached-object.ts';
import { BUDGET, type Served, summarizeCachedObject } from './edge/summarize.ts';

/** `node bench/edge.ts [--rounds N] [--seconds N]`: what a viewer's request costs at the edge, against handlers that do less. */
const { values: args } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '4' } },
});
const [rounds, seconds] = [Number(args.rounds), Number(args.seconds)];
if (!(Number.isSafeInteger(rounds) && rounds > 0 && Number.isSafeInteger(seconds) && seconds > 0)) {
  throw new TypeError('--rounds and --seconds must be positive whole numbers');
}

await ensurePrograms(['wrk'], process.env, (text) => console.error(`mediaflow: ${text}`));
await withCleanUp(run);

async function run(cleanUp: CleanUp): Promise<void> {
  const options = { rounds, seconds, viewers: 1_000, connections: 32 };
  const cachedObject = await measureCachedObject(cleanUp, options);
  const summary = summarizeCachedObject(cachedObject);
  console.table({
    'bare handler, cached 10 KB': describe(cachedObject.map(({ bare }) => bare)),
    'edge, signed, cached 10 KB': describe(cachedObject.map(({ edge }) => edge)),
  });
  console.log(`CPU ratio ${summary.cpuRatio.toFixed(2)} (budget ${BUDGET.cachedObjectCpuRatio})`);
  await writeRecord('edge', { budget: BUDGET, options, cachedObject: { summary, rounds: cachedObject } });
  if (!summary.isWithinBudget) process.exitCode = 1;
}

function describe(served: readonly Served[]): Readonly<Record<string, number>> {
  const of = (read: (each: Served) => number, digits: number): number => round(median(served.map(read)), digits);
  return {
    'CPU µs': of(({ cpuUs }) => cpuUs, 1),
    'requests/s': of(({ requestsPerSecond }) => requestsPerSecond, 0),
    'p50 ms': of(({ p50Ms }) => p50Ms, 2),
    'p99 ms': of(({ p99Ms }) => p99Ms, 1),
  };
}
