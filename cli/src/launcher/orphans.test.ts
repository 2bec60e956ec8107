import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive } from '../process/proc.ts';
import { findOrphans, isOrphan, OWNER_VARIABLE, parseOwner, stopOrphans } from './orphans.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'mediaflow-orphans-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const nobody = { owner: undefined, cwd: undefined, command: undefined };

test.each([
  [{ ...nobody, owner: '/d' }, true],
  [{ ...nobody, owner: '/d/other' }, false],
  [{ ...nobody, cwd: '/d/redis', command: 'redis-server 127.0.0.1:8784' }, true],
  [{ ...nobody, cwd: '/d/postgres/cluster', command: 'postgres: checkpointer' }, true],
  [{ ...nobody, cwd: '/d/redis', command: '-bash' }, false],
  [{ ...nobody, cwd: '/d', command: 'redis-server' }, false],
  [nobody, false],
])('%j', (view, expected) => {
  expect(isOrphan(view, '/d')).toBe(expected);
});

test('the owner is read from a whole entry of the environment', () => {
  expect(parseOwner(`A=1\0${OWNER_VARIABLE}=/d\0B=2\0`)).toBe('/d');
  expect(parseOwner(`NOT_${OWNER_VARIABLE}=/d\0`)).toBeUndefined();
  expect(parseOwner('')).toBeUndefined();
});

test.skipIf(process.platform !== 'linux')('what a killed launcher left is ended, the deaf and the grandchildren included', async () => {
  const deaf = `process.on('SIGINT', () => {}); require('child_process').spawn('sleep', ['600']); console.log('up'); setInterval(() => {}, 1e3)`;
  const left = spawn('env', [`${OWNER_VARIABLE}=${dataDir}`, process.execPath, '-e', deaf], { detached: true });
  const bystander = spawn('sleep', ['600'], { detached: true });
  try {
    await new Promise((resolve) => left.stdout.once('data', resolve));
    expect(findOrphans(dataDir)).toHaveLength(2);
    expect(await stopOrphans(dataDir)).toBe(2);
    expect(findOrphans(dataDir)).toEqual([]);
    expect(isAlive(left.pid as number)).toBe(false);
    expect(isAlive(bystander.pid as number)).toBe(true);
  } finally {
    left.kill('SIGKILL');
    bystander.kill('SIGKILL');
  }
});
