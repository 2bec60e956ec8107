import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callApi, getAsset, signedUrl, waitForEnd } from './api.ts';
import { countDecodedFrames, makeClip } from './clips.ts';
import { type Platform, startPlatform, until } from './platform.ts';
import { findProcesses } from './processes.ts';
import { readVariants } from './strict-hls.ts';

/** What the queue forgets and what frozen workers believe: the truth is in Postgres, and a film comes out whole. */
const WORKER = 'workers/src/main.ts';
let platform: Platform;
let folder: string;
let film: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaflow-crash-'));
  film = await makeClip(join(folder, 'film.mp4'), { seconds: 12, size: '960x540' });
  platform = await startPlatform({ CONCURRENCY: '1' }, ['--workers', '2']);
});
afterAll(async () => {
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Uploads a film of 300 pictures and returns its id once a part of it is stored. */
async function begin(): Promise<string> {
  const answer = JSON.parse(await platform.mediaflow('upload', film, '--json', '--data', platform.dataDir)) as { id: string };
  await until('a first unit to be stored', async () => ((await getAsset(platform, answer.id)).progress.progress > 0 ? true : undefined));
  return answer.id;
}

async function expectWhole(id: string): Promise<void> {
  const asset = await waitForEnd(platform, id);
  expect(asset.status).toBe('ready');
  for (const { url } of await readVariants(await signedUrl(platform, asset))) expect(await countDecodedFrames(url)).toBe(300);
  expect(await callApi(platform, 'GET', '/system/v1/dead-letters')).toEqual([]);
}

/** The embedded Redis listens at base + 4 (docs/architecture.md) and takes commands as lines. */
async function emptyRedis(): Promise<void> {
  const socket = createConnection(platform.portBase + 4, '127.0.0.1');
  socket.write('FLUSHALL\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  expect(answer.toString()).toBe('+OK\r\n');
}

const hasFfmpeg = (worker: number): Promise<boolean> =>
  readFile(`/proc/${worker}/task/${worker}/children`, 'utf8').then((children) => children.trim() !== '');

test('workers frozen past their leases and thawed again spoil nothing', async () => {
  const id = await begin();
  const busy = await until('a worker to encode', async () => {
    for (const pid of await findProcesses(platform.dataDir, WORKER)) if (await hasFfmpeg(pid)) return pid;
    return undefined;
  });
  process.kill(busy, 'SIGSTOP');
  await expectWhole(id);
  process.kill(busy, 'SIGCONT');
  await expectWhole(id);
  // Thawed, it takes work as before.
  await expectWhole(await begin());
});

test('a Redis that lost everything costs a minute at most', async () => {
  const id = await begin();
  await emptyRedis();
  await expectWhole(id);
});

test('a Redis that was killed comes back, and the work goes on', async () => {
  const id = await begin();
  for (const pid of await findProcesses(platform.dataDir, 'redis-server')) process.kill(pid, 'SIGKILL');
  await expectWhole(id);
});

test('afterwards no worker holds scratch of a job', async () => {
  await until('the scratch folders to be empty', async () => {
    const names = await readdir(join(platform.dataDir, 'work'), { recursive: true });
    return names.some((name) => name.includes('job-')) ? undefined : true;
  });
});
