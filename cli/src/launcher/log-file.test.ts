import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLogFile } from './log-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaflow-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('goes on where it was, and never takes more than two files of the limit', async () => {
  const path = join(folder, 'logs', 'origin.log');
  openLogFile(path, 100).write('first');
  const log = openLogFile(path, 100);
  log.write('second');
  expect(await readFile(path, 'utf8')).toBe('first\nsecond\n');
  for (let line = 0; line < 50; line += 1) log.write(`line ${line} ${'x'.repeat(20)}`);
  expect((await stat(path)).size).toBeLessThanOrEqual(100);
  expect((await stat(`${path}.1`)).size).toBeLessThanOrEqual(100);
  expect(await readFile(path, 'utf8')).toContain('line 49');
});

test('a file or a folder that somebody removed is made anew', async () => {
  const path = join(folder, 'logs', 'origin.log');
  const log = openLogFile(path, 100);
  log.write('x'.repeat(90));
  await rm(path);
  // Just when the file would have been put aside.
  log.write('y'.repeat(90));
  await rm(join(folder, 'logs'), { recursive: true });
  log.write('last');
  expect(await readFile(path, 'utf8')).toBe('last\n');
});

test('one line without an end is cut', async () => {
  const path = join(folder, 'edge.log');
  openLogFile(path).write('x'.repeat(1_000_000));
  expect((await stat(path)).size).toBeLessThan(20_000);
});
