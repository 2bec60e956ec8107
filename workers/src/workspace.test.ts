import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorkspace } from './workspace.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaflow-workspace-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('what dead workers left is removed; what the living have, and what is not ours, stays', async () => {
  const dead = spawn('true');
  await once(dead, 'exit');
  for (const name of [`worker-${dead.pid}`, `worker-${process.ppid}`, `worker-${process.pid}`, 'holiday-photos']) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'file'), '');
  }
  const workspace = await openWorkspace(folder, process.pid);
  expect((await readdir(folder)).toSorted()).toEqual(['holiday-photos', `worker-${process.pid}`, `worker-${process.ppid}`].toSorted());
  expect(await readdir(workspace.directory)).toEqual([]);
});

test('a job folder is empty at first and gone afterwards, whatever happened', async () => {
  const workspace = await openWorkspace(join(folder, 'deep', 'er'), process.pid);
  await workspace.withFolder(async (path) => {
    expect(await readdir(path)).toEqual([]);
    await writeFile(join(path, 'out.mp4'), 'x');
  });
  await expect(workspace.withFolder(() => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck');
  expect(await readdir(workspace.directory)).toEqual([]);
  await workspace.remove();
  expect(await readdir(join(folder, 'deep', 'er'))).toEqual([]);
});
