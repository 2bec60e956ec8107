import { parseArgs } from 'node:util';
import { ensurePrograms } from '../cli/src/setup/packages.ts';
import { type CleanUp, withCleanUp } from './common/clean-up.ts';
import { writeRecord } from './common/record.ts';
import { median, round } from './common/statistics.ts';
import { measureCachedObject } from './edge/cached-object.ts';
import { measurePlaylists, PLAYLIST_BUDGET } from './edge/playlists.ts';
import { measureSelfHosted } from './edge/self-hosted.ts';
import { measureStoreReads } from './edge/store-reads.ts';
import { atLeast, atMost, BUDGET, type Served, summarizeCachedObject } from './edge/summarize.ts';
import { SELF_HOSTED_BUDGET, summarizeSelfHosted } from './edge/summarize-self-hosted.ts';

/** `node bench/edge.ts [--rounds N] [--seconds N]`: what a viewer's request costs at the edge, against handlers and servers that do less. */
const { values: args } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '4' } },
});
const [rounds, seconds] = [Number(args.rounds), Number(args.seconds)];
if (!(Number.isSafeInteger(rounds) && rounds > 0 && Number.isSafeInteger(seconds) && seconds > 0)) {
  throw new TypeError('--rounds and --seconds must be positive whole numbers');
}

await ensurePrograms(['wrk', 'nginx'], process.env, (text) => console.error(`mediaflow: ${text}`));
await withCleanUp(run);

async function run(cleanUp: CleanUp): Promise<void> {
  // Microseconds: its rounds differ by a tenth where a machine is shared, so there are more of them, and longer ones.
  const cachedObject = await measureCachedObject(cleanUp, { rounds: 2 * rounds, seconds: 2 * seconds, viewers: 1_000, connections: 32 });
  const selfHosted = await measureSelfHosted(cleanUp, { rounds: Math.min(rounds, 3), seconds, connections: 200 });
  const playlists = await measurePlaylists({ rounds });
  const storeReads = await measureStoreReads(cleanUp, { tokens: 10_000, zipfViewers: 10_000 });

  console.table({
    'bare handler in workerd, cached 10 KB': describe(cachedObject.map(({ bare }) => bare)),
    'edge in workerd, signed, cached 10 KB': describe(cachedObject.map(({ edge }) => edge)),
    'nginx secure_link, 1 MB, 200 connections': describe(selfHosted.map(({ nginx }) => nginx)),
    'self-hosted edge, signed, cached 1 MB': describe(selfHosted.map(({ edge }) => edge)),
    'nginx at a third of its speed': describe(selfHosted.map(({ pacedNginx }) => pacedNginx)),
    'self-hosted edge at that pace': describe(selfHosted.map(({ pacedEdge }) => pacedEdge)),
  });
  const cached = summarizeCachedObject(cachedObject);
  const hosted = summarizeSelfHosted(selfHosted);
  const figures = [
    atMost('CPU of a signed cached 10 KB object against a bare handler', cached.cpuRatio, BUDGET.cachedObjectCpuRatio),
    atLeast('self-hosted throughput against nginx', hosted.throughputRatio, SELF_HOSTED_BUDGET.throughputRatio),
    atMost('self-hosted p99 in ms, 200 connections', hosted.pacedP99Ms, SELF_HOSTED_BUDGET.pacedP99Ms),
    atMost('multivariant playlist, CPU ms', playlists.multivariantCpuMs, PLAYLIST_BUDGET.multivariantCpuMs),
    atMost('clipped playlist of 1,000 segments, CPU ms', playlists.clippedPlaylistCpuMs, PLAYLIST_BUDGET.clippedPlaylistCpuMs),
    atMost('time for 4 times the lines', playlists.growthRatio, PLAYLIST_BUDGET.growthRatio),
    atMost('store reads per segment under 10,000 tokens', storeReads.mostReadsPerSegment, BUDGET.readsPerSegment),
    atLeast('cache hit ratio of a Zipf stream', storeReads.zipfHitRatio, BUDGET.zipfHitRatio),
  ];
  console.table(figures);
  await writeRecord('edge', {
    rounds,
    seconds,
    figures,
    cachedObject: { summary: cached, rounds: cachedObject },
    selfHosted,
    playlists,
    storeReads,
  });
  if (figures.some(({ isWithinBudget }) => !isWithinBudget)) process.exitCode = 1;
}

function describe(served: readonly (Omit<Served, 'cpuUs'> & { readonly cpuUs?: number })[]): Readonly<Record<string, number | string>> {
  const of = (read: (each: Omit<Served, 'cpuUs'>) => number, digits: number): number => round(median(served.map(read)), digits);
  const cpu = served.flatMap(({ cpuUs }) => (cpuUs === undefined ? [] : [cpuUs]));
  return {
    'CPU µs': cpu.length === 0 ? '' : round(median(cpu), 1),
    'requests/s': of(({ requestsPerSecond }) => requestsPerSecond, 0),
    'p50 ms': of(({ p50Ms }) => p50Ms, 2),
    'p99 ms': of(({ p99Ms }) => p99Ms, 1),
  };
}
