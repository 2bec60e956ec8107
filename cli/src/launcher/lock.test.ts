import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTimeOf } from '../process/proc.ts';
import { acquireLock, expectNoHolder, findHolder, isHeld } from './lock.ts';

const settings = { portBase: 8780, workers: 1 };
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'mediaflow-lock-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

test.each([
  ['no lock', undefined, true, '5', false],
  ['the very process', '5', true, '5', true],
  ['a later process of the same pid', '5', true, '9', false],
  ['a process that is gone', '5', false, undefined, false],
])('%s', (_, recorded, isAlive, startTime, expected) => {
  const holder = recorded === undefined ? undefined : { pid: 1, startTime: recorded, ...settings };
  expect(isHeld(holder, { isAlive, startTime })).toBe(expected);
});

test('the second one is refused with the pid of the first', async () => {
  const lock = await acquireLock(dataDir, settings);
  await expect(acquireLock(dataDir, settings)).rejects.toThrow(`pid ${process.pid}`);
  await expect(expectNoHolder(dataDir)).rejects.toThrow(`pid ${process.pid}`);
  expect((await findHolder(dataDir))?.pid).toBe(process.pid);
  await lock.release();
  await expectNoHolder(dataDir);
  expect(await findHolder(dataDir)).toBeUndefined();
  await expect(acquireLock(dataDir, settings)).resolves.toBeDefined();
  expect((await readdir(dataDir)).sort()).toEqual(['launcher.2.json', 'launcher.json']);
});

test('a killed holder is taken over, by one of many at once', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await new Promise((resolve) => child.once('spawn', resolve));
  const record = { pid: child.pid, startTime: startTimeOf(child.pid as number) ?? '', ...settings };
  await writeFile(join(dataDir, 'launcher.7.json'), JSON.stringify(record));
  await expect(acquireLock(dataDir, settings)).rejects.toThrow(`pid ${child.pid}`);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(await findHolder(dataDir)).toBeUndefined();
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(dataDir, settings)));
  expect(tries.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
});

test.each(['', '{"pid":', '{"pid":"x"}', 'null'])('a torn lock file %j holds nothing', async (text) => {
  await writeFile(join(dataDir, 'launcher.7.json'), text);
  expect(await findHolder(dataDir)).toBeUndefined();
  await expect(acquireLock(dataDir, settings)).resolves.toBeDefined();
});
