import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeCommand } from '../cli/src/launcher/node-command.ts';
import { findFreePort } from '../cli/src/services/free-port.ts';
import { startService } from '../cli/src/services/service.ts';
import { readRssBytes, watchPeakRss } from './upload/memory.ts';
import { type OriginProcess, startOrigin } from './upload/origin-process.ts';
import { sendFile } from './upload/send-file.ts';
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

const directory = await mkdtemp(join(tmpdir(), 'mediaflow-bench-'));
const stops: (() => Promise<void>)[] = [() => rm(directory, { recursive: true, force: true })];
const cleanUp = async (): Promise<void> => {
  for (const stop of stops.toReversed()) await stop();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void cleanUp().finally(() => process.exit(130)));

try {
  await run();
} finally {
  await cleanUp();
}

async function run(): Promise<void> {
  const path = join(directory, 'file');
  const sha256 = await writeRandomFile(path);
  const origin = await startOrigin(directory);
  stops.push(() => origin.stop());
  const bareUrl = await startBareServer();
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

async function startBareServer(): Promise<string> {
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
  stops.push(() => service.stop());
  return url;
}

/** Creation and one PATCH, as a client does with a file that never breaks off. Resolves to the upload's id. */
async function uploadOverTus(origin: OriginProcess, path: string): Promise<string> {
  const { id, url } = await origin.createUpload();
  const tus = { 'tus-resumable': '1.0.0' };
  const created = await fetch(url, { method: 'POST', headers: { ...tus, 'upload-length': String(sizeBytes) } });
  const location = created.headers.get('location');
  if (location === null) throw new Error(`The upload was not created: ${created.status} ${await created.text()}`);
  const headers = { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
  await sendFile({ method: 'PATCH', url: location, path, sizeBytes, headers });
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
  const results = new URL('./results/', import.meta.url);
  await mkdir(results, { recursive: true });
  const machine = {
    cpu: cpus()[0]?.model,
    cpuCount: cpus().length,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
  const record = {
    name: 'upload',
    measuredAt: new Date().toISOString(),
    machine,
    sizeBytes,
    budget: BUDGET,
    summary,
    idleRssBytes,
    rounds,
  };
  await writeFile(new URL('upload.json', results), `${JSON.stringify(record, undefined, 2)}\n`);
  if (!summary.isWithinBudget) process.exitCode = 1;
}
