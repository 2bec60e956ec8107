import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderStore } from '@mediaflow/platform/storage/folder-store';
import { AppError } from '@mediaflow/shared/errors';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

const open = (idleMs = 60_000, freeBytes = () => Promise.resolve(1e12)) =>
  createStaging({ store, directory: join(folder, 'scratch'), freeBytes, minFreeBytes: 1_000, idleMs });
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

describe('a disk that runs short', () => {
  const film = (name: string) => ({ sourceKey: `sources/${name}/1`, sizeBytes: 100 });
  const copiesLeft = async (): Promise<number> => (await readdir(join(folder, 'scratch'))).length;
  beforeEach(async () => {
    for (const name of ['a', 'b', 'c', 'd']) await store.put(`sources/${name}/1`, new Uint8Array(100));
  });

  test('loses idle copies, the longest unused first, and only as many as a new one needs', async () => {
    // Of 1,350 bytes, 1,000 are to stay free: room for three copies.
    const staging = open(60_000, async () => 1_350 - 100 * (await copiesLeft().catch(() => 0)));
    for (const name of ['a', 'b', 'c']) await staging.withSource(film(name), read);
    expect(staged).toBe(3);
    await staging.withSource(film('a'), read);
    await staging.withSource(film('d'), read);
    expect(await copiesLeft()).toBe(3);
    await staging.withSource(film('a'), read);
    expect(staged).toBe(4);
    await staging.withSource(film('b'), read);
    expect(staged).toBe(5);
    await staging.close();
  });

  test('loses them for what is made of a source as well, once', async () => {
    const staging = open(60_000, async () => 1_350 - 100 * (await copiesLeft().catch(() => 0)));
    for (const name of ['a', 'b', 'c']) await staging.withSource(film(name), read);
    await staging.withSource(film('c'), async (_, derive) => {
      for (let time = 0; time < 2; time += 1) await derive('copy', (path) => writeFile(path, new Uint8Array(100)));
      expect(await copiesLeft()).toBe(3);
    });
    await staging.withSource(film('b'), read);
    expect(staged).toBe(3);
    await staging.withSource(film('a'), read);
    expect(staged).toBe(4);
    await staging.close();
  });

  test('is not held by a part of what could not be made, however long its source is used', async () => {
    const staging = open();
    await staging.withSource(film('a'), async (path, derive) => {
      const make = async (part: string): Promise<void> => {
        await writeFile(part, new Uint8Array(50));
        throw new Error('no space');
      };
      await expect(derive('copy', make)).rejects.toThrow('no space');
      expect(await copiesLeft()).toBe(1);
      expect(await readFile(path)).toHaveLength(100);
    });
    await staging.close();
  });

  test('never loses a copy in use', async () => {
    const staging = open(60_000, () => Promise.resolve(0));
    await staging.withSource(film('a'), async (path) => {
      await staging.withSource(film('b'), read);
      await staging.makeRoom(1e9);
      expect(await copiesLeft()).toBe(1);
      expect(await readFile(path)).toHaveLength(100);
    });
    await staging.makeRoom(1e9);
    expect(await copiesLeft()).toBe(0);
  });
});

describe('a copy that came another way than by a link', () => {
  const bytes = new TextEncoder().encode('a film');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  /** A store that copies, as S3 does, and whose copy may be damaged on the way. */
  const copying = (damage: (content: Uint8Array) => Uint8Array) => {
    store = {
      ...store,
      stage: async (_, path) => {
        staged += 1;
        await writeFile(path, damage(bytes));
        return true;
      },
    };
    return open();
  };

  test('is taken when it is what was uploaded, and looked through once', async () => {
    const staging = copying((content) => content);
    for (let user = 0; user < 3; user += 1) expect(await staging.withSource({ ...source, sha256 }, read)).toBe('a film');
    expect(staged).toBe(1);
    await staging.close();
  });

  test('is refused when a bit differs, leaves nothing, and may come better next time', async () => {
    let isDamaged = true;
    const staging = copying((content) => (isDamaged ? content.toReversed() : content));
    await expect(staging.withSource({ ...source, sha256 }, read)).rejects.toMatchObject({
      code: 'source_mismatch',
      isRetryable: true,
      details: { expectedSha256: sha256 },
    });
    expect(await readdir(join(folder, 'scratch'))).toEqual([]);
    isDamaged = false;
    expect(await staging.withSource({ ...source, sha256 }, read)).toBe('a film');
    await staging.close();
  });

  test('that does not fit is the disk’s fault', async () => {
    const noSpace = Object.assign(new Error('write'), { code: 'ENOSPC', syscall: 'write' });
    store = { ...store, stage: () => Promise.reject(new AppError('unavailable', 'There is no space left.', { cause: noSpace })) };
    await expect(open().withSource(source, read)).rejects.toMatchObject({ code: 'scratch_full' });
  });
});
