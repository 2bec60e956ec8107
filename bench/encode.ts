import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { getAsset, waitForEnd } from '../e2e/api.ts';
import { type Platform, startPlatform } from '../e2e/platform.ts';
import { findProcesses } from '../e2e/processes.ts';
import { type CleanUp, withCleanUp } from './common/clean-up.ts';
import { makeFilm } from './common/film.ts';
import { ingest } from './common/ingest.ts';
import { readRssBytes } from './common/memory.ts';
import { parseStat, TICKS_PER_SECOND, watchEncoders } from './common/processes.ts';
import { writeRecord } from './common/record.ts';
import { encodeInOneRun } from './encode/single-run.ts';
import { BUDGET, type EncodeRounds, summarize } from './encode/summarize.ts';

/**
 * `node bench/encode.ts [--seconds N] [--rounds N] [--units N]`: what a whole ladder costs in CPU, cut into units and made by the platform, against
 * one ffmpeg process that makes the same ladder in one run; and what memory that takes.
 */
const { values: args } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '2' },
    units: { type: 'string', default: '100' },
  },
});
const [filmSeconds, roundCount, unitCount] = [Number(args.seconds), Number(args.rounds), Number(args.units)];
if (![filmSeconds, roundCount, unitCount].every((value) => Number.isSafeInteger(value) && value > 0)) {
  throw new TypeError('--seconds, --rounds and --units must be positive whole numbers');
}
/** Of the longest unit, so that there are at least as many units as asked for. */
const LONGEST_UNIT_SECONDS = 12;
const SAMPLE_MS = 500;

await withCleanUp(run);

async function run({ directory, later }: CleanUp): Promise<void> {
  const film = await makeFilm(join(directory, 'film.mp4'), { seconds: filmSeconds });
  const platform = await startPlatform();
  later(() => platform.stop());
  const ladder: EncodeRounds['ladder'][number][] = [];
  const encoders = watchEncoders(platform.dataDir);
  for (let round = 0; round < roundCount; round += 1) {
    const cpuSeconds = await encodeOnPlatform(platform, film);
    ladder.push({ cpuSeconds, singleRunCpuSeconds: await encodeInOneRun(film, filmSeconds, directory) });
  }
  const { peakRssBytes } = encoders.stop();
  // Many small units rather than few large ones: what a worker forgets to free, it forgets with each of them.
  const small = await makeFilm(join(directory, 'small.mp4'), { seconds: unitCount * LONGEST_UNIT_SECONDS, height: 240 });
  const workerRssBytes = await watchWorker(platform, small);
  await report({ ladder, encoderPeakRssBytes: peakRssBytes, unitCount, workerRssBytes });
}

/** CPU seconds of all that the worker started for one film: probe, poster, opening and every unit. */
async function encodeOnPlatform(platform: Platform, path: string): Promise<number> {
  const worker = await findWorker(platform);
  const before = childTicks(worker);
  const { assetId } = await ingest(platform, path);
  const asset = await waitForEnd(platform, assetId, 30 * 60_000);
  if (asset.status !== 'ready') throw new Error(`the film became ${asset.status}`);
  return (childTicks(worker) - before) / TICKS_PER_SECOND;
}

async function watchWorker(platform: Platform, path: string): Promise<readonly number[]> {
  const worker = await findWorker(platform);
  const { assetId } = await ingest(platform, path);
  const samples: number[] = [];
  while ((await getAsset(platform, assetId)).status === 'preparing') {
    samples.push(readRssBytes(worker) ?? 0);
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  }
  return samples;
}

async function findWorker({ dataDir }: Platform): Promise<number> {
  const [worker, ...others] = await findProcesses(dataDir, 'workers/src/main.ts');
  if (worker === undefined || others.length > 0) throw new Error('not exactly one worker');
  return worker;
}

/** Of the processes that it started and that have ended. */
function childTicks(pid: number): number {
  return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).childTicks;
}

async function report(rounds: EncodeRounds): Promise<void> {
  const summary = summarize(rounds);
  console.table({
    'the platform, in units': { 'CPU s (median)': summary.cpuSeconds },
    'one ffmpeg, one run': { 'CPU s (median)': summary.singleRunCpuSeconds },
  });
  console.log(
    `ratio ${summary.cpuRatio} (budget ${BUDGET.cpuRatio}); ffmpeg at most ${summary.encoderPeakMB} MB a unit; ` +
      `worker ${summary.workerMB} MB, ${summary.workerGrowth} x over ${unitCount} units (budget ${BUDGET.workerGrowth})`,
  );
  await writeRecord('encode', { budget: BUDGET, filmSeconds, summary, rounds });
  if (!summary.isWithinBudget) process.exitCode = 1;
}
