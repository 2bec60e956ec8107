import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readFileIfExists } from '../files/private-file.ts';
import { groupOf, isAlive, listPids } from '../process/proc.ts';
import { findFreePort } from '../services/free-port.ts';
import { pingHttp } from './ping.ts';
import { type Part, type Supervised, supervise } from './supervisor.ts';
import { isBeyond } from './watch-answers.ts';

let folder: string;
let running: Supervised | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaflow-supervisor-'));
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** A server with a helper process, like wrangler and its workerd. `/hang` makes it deaf without ending it. */
const SERVER = `
  import { spawn } from 'node:child_process';
  import { createServer } from 'node:http';
  spawn('sleep', ['600']);
  let deaf = false;
  createServer((request, response) => {
    if (request.url === '/hang') deaf = true;
    if (!deaf || request.url === '/hang') response.end('ok');
    else response.writeHead(503).end();
  }).listen(Number(process.argv[2]), '127.0.0.1');
`;

async function servingPart(options: Partial<Part> = {}): Promise<{ part: Part; url: string }> {
  const script = join(folder, 'server.mjs');
  await writeFile(script, SERVER);
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const spec = {
    name: 'server',
    command: process.execPath,
    args: [script, String(port)],
    cwd: folder,
    stopSignal: 'SIGTERM',
    stopGraceMs: 2_000,
  } as const;
  return { part: { name: 'server', plan: async () => ({ spec, ping: () => pingHttp(url) }), ...options }, url };
}

const silent = { line: () => undefined, notice: () => undefined };
const members = (group: number): readonly number[] => listPids().filter((pid) => groupOf(pid) === group && isAlive(pid));

const PATIENT = { timeout: 60_000 };

async function nextPid(supervised: Supervised, before: number): Promise<number> {
  return vi.waitFor(
    () => {
      const pid = supervised.pid();
      if (pid === undefined || pid === before) throw new Error('not restarted yet');
      return pid;
    },
    { ...PATIENT, interval: 20 },
  );
}

test('a killed child is started again, and nothing of the first one stays', async () => {
  const { part, url } = await servingPart();
  running = supervise(part, silent);
  await running.ready;
  const first = running.pid() as number;
  process.kill(first, 'SIGKILL');
  await nextPid(running, first);
  await vi.waitFor(() => pingHttp(url), PATIENT);
  if (process.platform === 'linux') expect(members(first)).toEqual([]);
});

test('one that lost a process, and is back within its patience, is not replaced', async () => {
  const { part } = await servingPart({ patience: { busyMs: 600_000, brokenMs: 400 } });
  let [asks, isDeaf] = [0, false];
  const ping = async (): Promise<void> => {
    asks += 1;
    if (!isDeaf) return;
    isDeaf = false;
    throw new Error('in the midst of a reload');
  };
  const helperOf = (pid: number): number | undefined => members(pid).find((member) => member !== pid);
  running = supervise({ ...part, plan: async () => ({ spec: (await part.plan()).spec, ping }) }, silent);
  await running.ready;
  const pid = running.pid() as number;
  // It is asked the first time before it has started its helper.
  await expect.poll(() => helperOf(pid), PATIENT).toBeDefined();
  await expect.poll(() => asks, PATIENT).toBe(2);
  const before = asks;
  isDeaf = true;
  process.kill(helperOf(pid) as number, 'SIGKILL');
  await expect.poll(() => asks, PATIENT).toBeGreaterThanOrEqual(before + 2);
  expect(running.pid()).toBe(pid);
});

test('one that runs but no longer answers is replaced', async () => {
  const { part, url } = await servingPart({ patience: { busyMs: 300, brokenMs: 600_000 } });
  running = supervise(part, silent);
  await running.ready;
  const first = running.pid() as number;
  await pingHttp(`${url}/hang`);
  await nextPid(running, first);
  await vi.waitFor(() => pingHttp(url), PATIENT);
});

test.skipIf(process.platform !== 'linux')('one that no longer answers because its helper died is not borne with as long', async () => {
  const { part, url } = await servingPart({ patience: { busyMs: 600_000, brokenMs: 0 } });
  running = supervise(part, silent);
  await running.ready;
  const first = running.pid() as number;
  const helper = await vi.waitFor(() => {
    const [pid] = members(first).filter((member) => member !== first);
    if (pid === undefined) throw new Error('no helper yet');
    return pid;
  }, PATIENT);
  process.kill(helper, 'SIGKILL');
  await pingHttp(`${url}/hang`);
  await nextPid(running, first);
});

test.each([
  [1_000, false, false],
  [1_000, true, true],
  [16_000, false, true],
  [100, true, false],
])('silent for %i ms, helper lost %s: replaced %s', (silentForMs, hasLostChild, expected) => {
  expect(isBeyond({ busyMs: 15_000, brokenMs: 500 }, silentForMs, hasLostChild)).toBe(expected);
});

test('stop ends the whole group and is final', async () => {
  const { part } = await servingPart();
  running = supervise(part, silent);
  await running.ready;
  const pid = running.pid() as number;
  await Promise.all([running.stop(), running.stop()]);
  expect(running.pid()).toBeUndefined();
  expect(isAlive(pid)).toBe(false);
  if (process.platform === 'linux') expect(members(pid)).toEqual([]);
});

test('a part that ends three times before it ever answers is given up, with what it said', async () => {
  const notices: string[] = [];
  const starts = join(folder, 'starts');
  const script = `require('fs').appendFileSync(${JSON.stringify(starts)}, 'x'); console.log('no such module'); process.exit(7)`;
  const spec = {
    name: 'broken',
    command: process.execPath,
    args: ['-e', script],
    cwd: folder,
    stopSignal: 'SIGTERM',
    stopGraceMs: 1_000,
  } as const;
  const ping = () => Promise.reject(new Error('never'));
  running = supervise(
    { name: 'broken', plan: async () => ({ spec, ping }) },
    { line: () => undefined, notice: (text) => notices.push(text) },
  );
  await expect(running.ready).rejects.toThrow(/broken does not start \(exit code 7\):\n.*no such module/s);
  expect(await readFileIfExists(starts)).toBe('xxx');
  expect(notices[0]).toContain('exit code 7');
});

test('a program that is not there is a failure to start, not a crash of ours', async () => {
  const spec = { name: 'x', command: '/no/such/program', args: [], cwd: folder, stopSignal: 'SIGTERM', stopGraceMs: 1_000 } as const;
  running = supervise({ name: 'x', plan: async () => ({ spec, ping: () => Promise.reject(new Error('never')) }) }, silent);
  await expect(running.ready).rejects.toThrow('x does not start');
});
