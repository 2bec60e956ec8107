import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { callApi, getAsset, signedUrl } from '../e2e/api.ts';
import { launchBrowser } from '../e2e/browser.ts';
import { type Platform, startPlatform, until } from '../e2e/platform.ts';
import { findProcesses } from '../e2e/processes.ts';
import { type CleanUp, withCleanUp } from './common/clean-up.ts';
import { makeFilm } from './common/film.ts';
import { type Ingested, ingest } from './common/ingest.ts';
import { writeRecord } from './common/record.ts';
import { encodeBareSegment } from './instant/bare-segment.ts';
import { BUDGET, type InstantRounds, summarize } from './instant/summarize.ts';
import { seekTo, untilPicture } from './instant/viewer.ts';

/**
 * `node bench/instant.ts [--rounds N] [--jumps N] [--lengths 10,600,3600]`: how soon a film plays after its last byte, and how soon at a
 * place that nobody has encoded yet, as seen in Chromium on the embed page. Beside each figure stands what ffmpeg alone takes for the
 * one segment that is needed.
 */
const { values: args } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    jumps: { type: 'string', default: '10' },
    lengths: { type: 'string', default: '10,600,3600' },
  },
});
const [roundCount, jumpCount, lengths] = [Number(args.rounds), Number(args.jumps), args.lengths.split(',').map(Number)];
if (![roundCount, jumpCount, ...lengths].every((value) => Number.isSafeInteger(value) && value > 0)) {
  throw new TypeError('--rounds, --jumps and --lengths must be positive whole numbers');
}

/** Between two jumps. */
const LOOK_MS = 2_000;

await withCleanUp(run);

async function run({ directory, later }: CleanUp): Promise<void> {
  const films: { readonly filmSeconds: number; readonly path: string }[] = [];
  for (const filmSeconds of lengths)
    films.push({ filmSeconds, path: await makeFilm(join(directory, `${filmSeconds}.mp4`), { seconds: filmSeconds }) });
  const platform = await startPlatform();
  later(() => platform.stop());
  const browser = await launchBrowser();
  later(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  // A browser that has never opened a page would be measured too.
  await page.goto(`${platform.credentials.api_url}/embed/none`);

  const start = films.map((film) => ({ ...film, seconds: [] as number[], bareSeconds: [] as number[] }));
  const longest = start.at(-1);
  let jumps: readonly Jump[] = [];
  for (let round = 0; round < roundCount; round += 1) {
    for (const film of start) {
      film.bareSeconds.push(await encodeBareSegment(film.path, 0, directory));
      const ingested = await ingest(platform, film.path, { playback_policies: ['signed'] });
      await openPlayer(platform, page, ingested);
      await untilPicture(page);
      film.seconds.push((performance.now() - ingested.acknowledgedAt) / 1000);
      if (film === longest && round === roundCount - 1) jumps = await measureJumps(page, film.filmSeconds);
      await page.goto('about:blank');
      await forget(platform, ingested);
    }
  }
  const seek = { seconds: jumps.map(({ seconds }) => seconds), bareSeconds: [] as number[] };
  for (const { target } of jumps) seek.bareSeconds.push(await encodeBareSegment(longest?.path ?? '', target, directory));
  await report({ start: start.map(({ filmSeconds, seconds, bareSeconds }) => ({ filmSeconds, seconds, bareSeconds })), seek });
}

/** What a page does that was told of the upload: it waits for the asset to be playable, asks for a signed address and opens the player. */
async function openPlayer(platform: Platform, page: Page, { assetId }: Ingested): Promise<void> {
  const asset = await getAsset(platform, assetId);
  const [url] = await Promise.all([signedUrl(platform, asset), untilPlayable(platform, assetId)]);
  await page.goto(url.replace(/\/([0-9a-f]{32})\.m3u8/, '/embed/$1'), { waitUntil: 'commit' });
}

async function untilPlayable(platform: Platform, assetId: Ingested['assetId']): Promise<void> {
  for (;;) {
    const asset = await getAsset(platform, assetId);
    if (asset.playable_at !== undefined) return;
    if (asset.status === 'errored') throw new Error(`the film was refused: ${JSON.stringify(asset.errors)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Jump {
  readonly target: number;
  readonly seconds: number;
}

/** Random places of the film's second half: the encoder, which began at the start, is nowhere near. */
async function measureJumps(page: Page, filmSeconds: number): Promise<readonly Jump[]> {
  const jumps: Jump[] = [];
  for (let jump = 0; jump < jumpCount; jump += 1) {
    const target = filmSeconds * (0.5 + 0.49 * Math.random());
    jumps.push({ target, seconds: await seekTo(page, target) });
    // A viewer looks for a moment before the next jump.
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return jumps;
}

/** Deletes the asset and waits until nothing is encoded any more, so that every round begins on an idle machine. */
async function forget(platform: Platform, { assetId }: Ingested): Promise<void> {
  await callApi(platform, 'DELETE', `/video/v1/assets/${assetId}`);
  let idleSince = performance.now();
  await until('the encoders to rest', async () => {
    if ((await findProcesses(platform.dataDir, 'ffmpeg')).length > 0) idleSince = performance.now();
    return performance.now() - idleSince > 1_500 ? true : undefined;
  });
}

async function report(rounds: InstantRounds): Promise<void> {
  const summary = summarize(rounds);
  console.table(
    Object.fromEntries(
      summary.rows.map(({ what, medianSeconds, worstSeconds, bareSeconds }) => [
        what,
        { 's (median)': medianSeconds, 's (worst)': worstSeconds, 'ffmpeg alone, s': bareSeconds },
      ]),
    ),
  );
  console.log(
    `budget: first picture ${BUDGET.startSeconds} s, jump ${BUDGET.seekSeconds} s; ` +
      `longest over shortest film ${summary.longestOverShortest} (budget ${BUDGET.longestOverShortest})`,
  );
  await writeRecord('instant', { budget: BUDGET, summary, rounds });
  if (!summary.isWithinBudget) process.exitCode = 1;
}
