import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { AssetId } from '@mediaflow/shared/ids';
import { getAsset, waitForEnd } from '../e2e/api.ts';
import { type Platform, startPlatform, until } from '../e2e/platform.ts';
import { findProcesses } from '../e2e/processes.ts';
import { type CleanUp, withCleanUp } from './common/clean-up.ts';
import { makeFilm } from './common/film.ts';
import { ingest } from './common/ingest.ts';
import { watchEncoders } from './common/processes.ts';
import { writeRecord } from './common/record.ts';
import { measureMachineLimit } from './scale/machine-limit.ts';
import { findDifferences, hashVideoSegments } from './scale/segments.ts';
import { BUDGET, type ScaleRounds, summarize } from './scale/summarize.ts';

/**
 * `node bench/scale.ts [--seconds N] [--rounds N] [--kills N] [--film N]`: a film on one single-threaded worker and on two, beside what
 * the machine itself gains by its second core; and a longer film on two workers of which a random one is killed (-9) again and again,
 * against the same film undisturbed.
 */
const { values: args } = parseArgs({
  options: {
    seconds: { type: 'string', default: '64' },
    // A host that others share changes its speed from one minute to the next.
    rounds: { type: 'string', default: '3' },
    kills: { type: 'string', default: '20' },
    film: { type: 'string', default: '600' },
  },
});
const [seconds, roundCount, killCount, filmSeconds] = [Number(args.seconds), Number(args.rounds), Number(args.kills), Number(args.film)];
if (![seconds, roundCount, killCount, filmSeconds].every((value) => Number.isSafeInteger(value) && value > 0)) {
  throw new TypeError('--seconds, --rounds, --kills and --film must be positive whole numbers');
}

/** One unit at a time, and background units use one thread. */
const SINGLE_THREADED = { CONCURRENCY: '1' };
const PATIENCE_MS = 40 * 60_000;
/** Asking takes 8 ms of a core that two workers have no spare one for: five times a second would be 2 % of the machine. */
const LOOK_EVERY_MS = 1_000;
const KILLED_FILM_HEIGHT = 480;

await withCleanUp(run);

async function run({ directory, later }: CleanUp): Promise<void> {
  const film = await makeFilm(join(directory, 'film.mp4'), { seconds });
  const wall: ScaleRounds['wall'][number][] = [];
  for (let round = 0; round < roundCount; round += 1) {
    const machineLimit = await measureMachineLimit(film);
    const time = (workers: number): Promise<number> => onPlatform(later, workers, (platform) => timeLadder(platform, film));
    // Whichever comes second may find the host slower.
    const timed =
      round % 2 === 0 ? { oneWorker: await time(1), twoWorkers: await time(2) } : { twoWorkers: await time(2), oneWorker: await time(1) };
    wall.push({ machineLimit, ...timed });
    const ratio = timed.twoWorkers / timed.oneWorker;
    console.error(`round ${round + 1} of ${roundCount}: ${ratio.toFixed(3)}, two bare encoders ${machineLimit.toFixed(3)}`);
  }
  const long = await makeFilm(join(directory, 'long.mp4'), { seconds: filmSeconds, height: KILLED_FILM_HEIGHT });
  await report({ wall, kills: await onPlatform(later, 2, (platform) => measureKills(platform, long)) });
}

/** One at a time: a platform that does nothing takes a twentieth of a core, which two workers have no spare one for. */
async function onPlatform<T>(later: CleanUp['later'], workers: number, measure: (platform: Platform) => Promise<T>): Promise<T> {
  const platform = await startPlatform(SINGLE_THREADED, ['--workers', String(workers)]);
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= platform.stop();
    return stopping;
  };
  // Where the benchmark is interrupted.
  later(stop);
  try {
    return await measure(platform);
  } finally {
    await stop();
  }
}

async function timeLadder(platform: Platform, path: string): Promise<number> {
  const { assetId, acknowledgedAt } = await ingest(platform, path);
  await untilReady(platform, assetId);
  return (performance.now() - acknowledgedAt) / 1000;
}

async function untilReady(platform: Platform, assetId: AssetId): Promise<void> {
  const asset = await waitForEnd(platform, assetId, PATIENCE_MS, LOOK_EVERY_MS);
  if (asset.status !== 'ready') throw new Error(`the film became ${asset.status}: ${JSON.stringify(asset.errors)}`);
}

async function measureKills(platform: Platform, path: string): Promise<ScaleRounds['kills']> {
  const { dataDir } = platform;
  const undisturbed = watchEncoders(dataDir);
  const start = performance.now();
  const calm = await ingest(platform, path);
  await untilReady(platform, calm.assetId);
  const wallSeconds = (performance.now() - start) / 1000;
  const undisturbedCpuSeconds = undisturbed.stop().cpuSeconds;
  console.error(`undisturbed: ${Math.round(wallSeconds)} s; the same again with ${killCount} kills`);

  const disturbed = watchEncoders(dataDir);
  const killed = await ingest(platform, path);
  const ready = untilReady(platform, killed.assetId);
  const count = await killAtRandom(platform, killed.assetId, wallSeconds);
  await ready;
  const { cpuSeconds } = disturbed.stop();
  const [left, right] = [await hashVideoSegments(dataDir, calm.assetId), await hashVideoSegments(dataDir, killed.assetId)];
  return { count, cpuSeconds, undisturbedCpuSeconds, segmentCount: right.size, differentSegments: findDifferences(left, right) };
}

/** Kills a random worker at random moments, spread over the time that the film takes undisturbed; how many it came to before the film was done. */
async function killAtRandom(platform: Platform, assetId: AssetId, wallSeconds: number): Promise<number> {
  const pauseSeconds = wallSeconds / killCount;
  let count = 0;
  while (count < killCount) {
    await new Promise((resolve) => setTimeout(resolve, 2 * Math.random() * pauseSeconds * 1000));
    if ((await getAsset(platform, assetId)).status !== 'preparing') return count;
    const workers = await until('a worker', async () => {
      const pids = await findProcesses(platform.dataDir, 'workers/src/main.ts');
      return pids.length > 0 ? pids : undefined;
    });
    const victim = workers[Math.floor(Math.random() * workers.length)];
    if (victim === undefined) continue;
    process.kill(victim, 'SIGKILL');
    count += 1;
  }
  return count;
}

async function report(rounds: ScaleRounds): Promise<void> {
  const summary = summarize(rounds);
  const { kills } = rounds;
  console.table({
    'one worker': { 's to ready (median)': summary.oneWorkerSeconds },
    'two workers': { 's to ready (median)': summary.twoWorkersSeconds },
  });
  console.log(
    `ratio ${summary.wallRatio} (budget ${BUDGET.wallRatio}; two bare encoders side by side: ${summary.machineLimit}); ${kills.count} workers killed: ${Math.round(summary.redone * 1000) / 10} % of ` +
      `${Math.round(kills.cpuSeconds)} CPU s redone (budget ${BUDGET.redone * 100} %), ` +
      `${kills.differentSegments.length} of ${kills.segmentCount} segments differ from the undisturbed film's`,
  );
  await writeRecord('scale', { budget: BUDGET, summary, rounds });
  if (!summary.isWithinBudget) process.exitCode = 1;
}
