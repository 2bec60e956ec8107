import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addFilm, type Film, fill, SECRET } from '../testing/edge.ts';
import { createFakeOrigin, createOriginState, type OriginState } from '../testing/fake-origin.ts';
import { cacheFileName } from './cache-file.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

let origin: OriginState;
let originUrl: string;
let film: Film;
let directory: string;
let cleanUps: (() => unknown)[];

beforeEach(async () => {
  cleanUps = [];
  origin = createOriginState(Date.now() / 1000);
  const server = serve({ fetch: createFakeOrigin(SECRET, origin).fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  originUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  film = await addFilm({ origin });
  directory = await mkdtemp(join(tmpdir(), 'mediaflow-edge-'));
  cleanUps.push(
    () => rm(directory, { recursive: true, force: true }),
    () => server.close(),
  );
});
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

interface RunningEdge {
  readonly url: string;
  readonly process: ChildProcess;
  readonly exited: Promise<unknown[]>;
  /** The path that a new session's media lies under. */
  open(): Promise<string>;
}

async function startEdge(env: Readonly<Record<string, string>> = {}): Promise<RunningEdge> {
  const port = await findFreePort();
  const child = spawn(process.execPath, ['--experimental-strip-types', '--no-warnings', MAIN], {
    env: {
      PORT: String(port),
      ORIGIN_URL: originUrl,
      MEDIAFLOW_SECRET: SECRET,
      EDGE_CACHE_DIR: directory,
      EDGE_PROCESSES: '1',
      EDGE_WEB_DIR: import.meta.dirname,
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  cleanUps.push(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const url = `http://127.0.0.1:${port}`;
  await expect.poll(async () => (await fetch(`${url}/ready`)).status).toBe(200);
  return {
    url,
    process: child,
    exited,
    async open() {
      const playlist = await (await fetch(`${url}/${film.playbackId}.m3u8?token=${await film.sign()}`)).text();
      return url + (/\/s\/[\w-]+\//.exec(playlist)?.[0] ?? '/no-session/');
    },
  };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

const storeReads = (name: string): number => origin.calls.filter((call) => call === `GET /internal/objects/${film.prefix}${name}`).length;

async function read(url: string, init?: RequestInit): Promise<{ status: number; cache: string | null; bytes: Uint8Array }> {
  const response = await fetch(url, init);
  return {
    status: response.status,
    cache: response.headers.get('x-mediaflow-cache'),
    bytes: new Uint8Array(await response.arrayBuffer()),
  };
}

describe.each(['1', '2'])('the edge in %s process(es)', (processes) => {
  it('plays a film, from its cache after the first viewer and after kill -9', async () => {
    const edge = await startEdge({ EDGE_PROCESSES: processes });
    const session = await edge.open();
    expect(await read(`${session}v720/0.m4s`)).toEqual({ status: 200, cache: 'miss', bytes: fill(3000, 2) });
    // Another process knows of it when it is on the disk.
    await expect.poll(() => readdir(directory, { recursive: true })).toContain(cacheFileName(`${film.prefix}v720/0.m4s`));
    expect(await read(`${session}v720/0.m4s`, { headers: { range: 'bytes=-10' } })).toEqual({
      status: 206,
      cache: 'hit',
      bytes: fill(3000, 2).slice(-10),
    });
    expect((await fetch(`${edge.url}/s/x/v720/0.m4s`)).status).toBe(403);
    edge.process.kill('SIGKILL');
    await edge.exited;

    const next = await startEdge({ EDGE_PROCESSES: processes });
    expect(await read(`${await next.open()}v720/0.m4s`)).toEqual({ status: 200, cache: 'hit', bytes: fill(3000, 2) });
    expect(storeReads('v720/0.m4s')).toBe(1);
    next.process.kill('SIGTERM');
    expect(await next.exited).toEqual([0, null]);
  });
});

it('breaks the answer when the store breaks off, and keeps nothing of it', async () => {
  const edge = await startEdge();
  const session = await edge.open();
  origin.truncateAfterBytes = 1000;
  await expect(read(`${session}v720/0.m4s`)).rejects.toThrow();
  origin.truncateAfterBytes = undefined;
  expect(await read(`${session}v720/0.m4s`)).toEqual({ status: 200, cache: 'miss', bytes: fill(3000, 2) });
});

it('finishes what it is sending when it is told to stop', async () => {
  const edge = await startEdge();
  const session = await edge.open();
  const bytes = fill(30_000_000, 3);
  origin.objects.set(`${film.prefix}v720/1.m4s`, bytes);
  const response = await fetch(`${session}v720/1.m4s`);
  edge.process.kill('SIGTERM');
  expect((await response.arrayBuffer()).byteLength).toBe(bytes.length);
  expect(await edge.exited).toEqual([0, null]);
});

it('does not start on what it cannot read, and says all that is wrong', async () => {
  const child = spawn(process.execPath, ['--experimental-strip-types', '--no-warnings', MAIN], { env: { PORT: 'x' }, stdio: 'pipe' });
  const [said] = (await once(child.stderr, 'data')) as [Buffer];
  expect(await once(child, 'exit')).toEqual([1, null]);
  for (const name of ['PORT', 'MEDIAFLOW_SECRET', 'ORIGIN_URL', 'EDGE_CACHE_DIR']) expect(said.toString()).toContain(name);
});
