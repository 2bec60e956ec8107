import { createHash, randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeCommand } from '../cli/src/launcher/node-command.ts';
import { findFreePort } from '../cli/src/services/free-port.ts';
import { startService } from '../cli/src/services/service.ts';
import { type CleanUp, withCleanUp } from './common/clean-up.ts';
import { createTusUpload, sendOverTus } from './common/ingest.ts';
import { readRssBytes, watchPeakRss } from './common/memory.ts';
import { writeRecord } from './common/record.ts';
import { sendFile } from './common/send-file.ts';
import { type OriginProcess, startOrigin } from './upload/origin-process.ts';
import { BUDGET, type Round, summarize } from './upload/summarize.ts';

/**
 * `node bench/upload.ts [--size BYTES] [--rounds N]`: one file over TUS into a real origin, against a bare Node server that hashes
 * and writes the same bytes. The two take turns, so that a slow disk or a busy neighbour meets both.
 */
const { values: args } = parseArgs({
  options: { size: { type: 'string', default: '1000000000' }, rounds: { type: 'string', default: '5' } },
});
const [sizeBytes, roundCount] = [Number(args.size), Number(args.rounds)];
if (!(Number.isSafeInteger(sizeBytes) && sizeBytes > 0 && Number.isSafeInteger(roundCount) && roundCount > 0)) {
  throw new TypeError('--size and --rounds must be positive whole numbers');
}

await withCleanUp(run);

async function run({ directory, later }: CleanUp): Promise<void> {
  const path = join(directory, 'file');
  const sha256 = await writeRandomFile(path);
  const origin = await startOrigin(directory);
  later(() => origin.stop());
  const bareUrl = await startBareServer({ directory, later });
  const idleRssBytes = readRssBytes(origin.pid) ?? 0;

  const rounds: Round[] = [];
  for (let round = 0; round < roundCount; round += 1) {
    const upload = await watchPeakRss(origin.pid, () => timed(() => uploadOverTus(origin, path)));
    if ((await origin.readSha256(upload.value.result)) !== sha256) throw new Error('The origin took other bytes than were sent.');
    await rm(join(origin.storeDir, 'sources'), { recursive: true });
    const bare = await timed(() => sendFile({ method: 'PUT', url: bareUrl, path, sizeBytes }));
    if (bare.result !== sha256) throw new Error('The bare server took other bytes than were sent.');
    rounds.push({ tusMBps: upload.value.MBps, bareMBps: bare.MBps, originPeakRssBytes: upload.peakBytes });
  }
  await report(rounds, idleRssBytes);
}

async function writeRandomFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  // The same megabytes over and over: neither side compresses, and making a gigabyte of noise would take longer than the benchmark.
  const noise = randomBytes(Math.min(sizeBytes, 8 * 1024 * 1024));
  for (let written = 0; written < sizeBytes; written += noise.length) {
    const chunk = noise.subarray(0, sizeBytes - written);
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  await file.sync();
  await file.close();
  return hash.digest('hex');
}

async function startBareServer({ directory, later }: CleanUp): Promise<string> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const { command, args: script } = nodeCommand('bench/upload/bare-server.ts');
  const service = await startService({
    url,
    spec: {
      name: 'bare server',
      command,
      args: [...script, String(port), join(directory, 'bare')],
      cwd: directory,
      stopSignal: 'SIGTERM',
      stopGraceMs: 2_000,
    },
    ping: async () => {
      await fetch(url, { method: 'PUT', body: 'x' });
    },
  });
  later(() => service.stop());
  return url;
}

/** Creation and one PATCH, as a client does with a file that never breaks off. Resolves to the upload's id. */
async function uploadOverTus(origin: OriginProcess, path: string): Promise<string> {
  const { id, url } = await origin.createUpload();
  await sendOverTus(await createTusUpload(url, sizeBytes), path, sizeBytes);
  return id;
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; MBps: number }> {
  const start = performance.now();
  const result = await work();
  return { result, MBps: sizeBytes / 1e6 / ((performance.now() - start) / 1000) };
}

async function report(rounds: readonly Round[], idleRssBytes: number): Promise<void> {
  const summary = summarize(rounds, idleRssBytes);
  const { tusMBps, bareMBps, ratio, originRssOverIdleMB } = summary;
  console.table({
    'TUS into the origin': { 'MB/s (median)': Math.round(tusMBps) },
    'bare Node HTTP, SHA-256, file': { 'MB/s (median)': Math.round(bareMBps) },
  });
  console.log(
    `ratio ${ratio.toFixed(2)} (budget ${BUDGET.ratio}), memory ${Math.round(originRssOverIdleMB)} MB over idle (budget ${BUDGET.rssOverIdleMB})`,
  );
  await writeRecord('upload', { sizeBytes, budget: BUDGET, summary, idleRssBytes, rounds });
  if (!summary.isWithinBudget) process.exitCode = 1;
}
