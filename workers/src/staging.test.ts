import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderStore } from '@mediaflow/platform/storage/folder-store';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStaging } from './staging.ts';

const KEY = 'sources/one/1';
let folder: string;
let store: ObjectStore;
let staged: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaflow-staging-'));
  const inner = createFolderStore(join(folder, 'store'));
  staged = 0;
  // The real store; only how often it is asked is counted.
  store = {
    ...inner,
    stage: (key, path) => {
      staged += 1;
      return inner.stage(key, path);
    },
  };
  await store.put(KEY, new TextEncoder().encode('a film'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (idleMs = 60_000) => createStaging({ store, directory: join(folder, 'scratch'), idleMs });
const source = { sourceKey: KEY, sizeBytes: 6 };
const read = (path: string): Promise<string> => readFile(path, 'utf8');

test('concurrent and later users share one copy', async () => {
  const staging = open();
  expect(await Promise.all([staging.withSource(source, read), staging.withSource(source, read)])).toEqual(['a film', 'a film']);
  expect(await staging.withSource(source, read)).toBe('a film');
  expect(staged).toBe(1);
  await staging.close();
});

test('a copy goes some time after its last user, and not before', async () => {
  const staging = open(1);
  const scratch = join(folder, 'scratch');
  const copiesLeft = async (count: number): Promise<void> => {
    while ((await readdir(scratch)).length > count) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await store.put('sources/two/1', new TextEncoder().encode('another'));
  await staging.withSource(source, async (path) => {
    await staging.withSource(source, read);
    // The other copy's time runs out after this one's would have.
    await staging.withSource({ sourceKey: 'sources/two/1', sizeBytes: 7 }, read);
    await copiesLeft(1);
    expect(await read(path)).toBe('a film');
  });
  await copiesLeft(0);
  expect(await staging.withSource(source, read)).toBe('a film');
  expect(staged).toBe(3);
  await staging.close();
});

test('closing removes idle copies', async () => {
  const staging = open();
  await staging.withSource(source, read);
  await staging.close();
  expect(await readdir(join(folder, 'scratch'))).toEqual([]);
});

test('a source that is gone, or is another, is named as such and can be tried again', async () => {
  const staging = open();
  await expect(staging.withSource({ sourceKey: 'sources/none/1', sizeBytes: 1 }, read)).rejects.toMatchObject({ code: 'source_missing' });
  await expect(staging.withSource({ ...source, sizeBytes: 7 }, read)).rejects.toMatchObject({
    code: 'source_mismatch',
    details: { expectedBytes: 7, actualBytes: 6 },
  });
  expect(await readdir(join(folder, 'scratch'))).toEqual([]);
  expect(await staging.withSource(source, read)).toBe('a film');
  await staging.close();
});

test('a user that fails leaves the copy to others', async () => {
  const staging = open();
  await expect(staging.withSource(source, () => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck');
  expect(await staging.withSource(source, read)).toBe('a film');
  expect(staged).toBe(1);
  await staging.close();
});

test('what a killed worker left at the same path is replaced', async () => {
  const staging = open();
  const path = await staging.withSource(source, (copy) => Promise.resolve(copy));
  await staging.close();
  await writeFile(path, 'half a fi');
  expect(await open().withSource(source, read)).toBe('a film');
});
