import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { link, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeObjectStore } from '../testing/object-store-contract.ts';
import { listKeys, present, readBytes } from '../testing/objects.ts';
import { createFolderStore } from './folder-store.ts';
import { toStoreError } from './local-file.ts';

describeObjectStore('a folder', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'mediaflow-folder-'));
  return { store: createFolderStore(directory), close: () => rm(directory, { recursive: true, force: true }) };
});

describe('the folder store on disk', () => {
  let parent: string;
  let directory: string;
  let store: ObjectStore;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'mediaflow-folder-'));
    directory = join(parent, 'not/made/yet');
    store = createFolderStore(directory);
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  test('is empty before its folder exists, and makes it', async () => {
    expect(await store.head('a')).toBeUndefined();
    expect(await listKeys(store, '')).toEqual([]);
    await store.delete('a/b');
    await store.put('a/b', Buffer.from('text'));
    expect(await readFile(join(directory, 'a/b'), 'utf8')).toBe('text');
  });

  test('leaves no draft behind, whether a put succeeds or fails', async () => {
    await store.put('a', randomBytes(10));
    await expect(store.put('b', randomBytes(10), { sizeBytes: 11 })).rejects.toThrow();
    expect(await readdir(join(directory, '.drafts'))).toEqual([]);
  });

  test('removes the drafts of processes that were killed, and not the ones being written', async () => {
    const drafts = join(directory, '.drafts');
    await mkdir(drafts, { recursive: true });
    await writeFile(join(drafts, 'old'), 'x');
    await writeFile(join(drafts, 'young'), 'x');
    const twoDaysAgo = Date.now() / 1000 - 48 * 3600;
    await utimes(join(drafts, 'old'), twoDaysAgo, twoDaysAgo);
    await store.put('a', randomBytes(10));
    expect(await readdir(drafts)).toEqual(['young']);
  });

  test('touches nothing outside', async () => {
    await mkdir(directory, { recursive: true });
    await writeFile(join(parent, 'outside'), 'precious');
    const before = await stat(join(parent, 'outside'), { bigint: true });
    for (const key of ['../../../outside', '../../outside', '/outside', `a/${'../'.repeat(9)}outside`]) {
      await expect(store.put(key, randomBytes(3))).rejects.toThrow(TypeError);
      await expect(store.delete(key)).rejects.toThrow(TypeError);
      await expect(store.get(key)).rejects.toThrow(TypeError);
    }
    const after = await stat(join(parent, 'outside'), { bigint: true });
    expect([after.mtimeNs, after.ino]).toEqual([before.mtimeNs, before.ino]);
    expect(await readFile(join(parent, 'outside'), 'utf8')).toBe('precious');
  });

  test('lists what the TUS file store writes as ordinary objects, and skips what no key can name', async () => {
    const upload = join(directory, 'sources/0123456789abcdef0123456789abcdef');
    await mkdir(upload, { recursive: true });
    await writeFile(join(upload, 'attempt'), 'bytes');
    await writeFile(join(upload, 'attempt.json'), '{}');
    await writeFile(join(upload, '.nfs0001'), '');
    await writeFile(join(upload, 'with space'), '');
    await symlink('/etc', join(upload, 'link'));
    expect(await listKeys(store, 'sources/')).toEqual([
      'sources/0123456789abcdef0123456789abcdef/attempt',
      'sources/0123456789abcdef0123456789abcdef/attempt.json',
    ]);
    expect((await readBytes(await present(store.get('sources/0123456789abcdef0123456789abcdef/attempt')))).toString()).toBe('bytes');
  });

  test('an upload that grows changes its etag', async () => {
    await mkdir(join(directory, 'sources'), { recursive: true });
    await writeFile(join(directory, 'sources/a'), 'one');
    const before = await store.head('sources/a');
    await writeFile(join(directory, 'sources/a'), 'two', { flag: 'a' });
    expect((await store.head('sources/a'))?.etag).not.toBe(before?.etag);
  });

  test('delete removes folders left empty, but no top one and none with something in it', async () => {
    await store.put('media/a/1/v720/0.m4s', randomBytes(1));
    await store.put('media/a/2/main.m3u8', randomBytes(1));
    await store.delete('media/a/1/v720/0.m4s');
    expect(await readdir(join(directory, 'media/a'))).toEqual(['2']);
    await store.delete('media/a/2/main.m3u8');
    expect(await readdir(join(directory, 'media'))).toEqual([]);
  });

  test('stage is a hard link, not a copy', async () => {
    await store.put('source', randomBytes(1000));
    await store.stage('source', join(parent, 'staged'));
    const [object, staged] = await Promise.all([stat(join(directory, 'source')), stat(join(parent, 'staged'))]);
    expect(staged.ino).toBe(object.ino);
  });

  test('stage copies across devices', async () => {
    // /dev/shm is a file system of its own on every Linux.
    const elsewhere = await mkdtemp('/dev/shm/mediaflow-folder-');
    try {
      await store.put('source', Buffer.from('far away'));
      await expect(link(join(directory, 'source'), join(elsewhere, 'probe'))).rejects.toMatchObject({ code: 'EXDEV' });
      expect(await store.stage('source', join(elsewhere, 'staged'))).toBe(true);
      expect(await readFile(join(elsewhere, 'staged'), 'utf8')).toBe('far away');
      expect(await readdir(elsewhere)).toEqual(['staged']);
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  test('has no URLs of its own', async () => {
    expect(await store.presign('a', 'GET', 60)).toBeUndefined();
  });

  test('a disk that cannot be written is an outage, not an absence', async () => {
    await writeFile(join(parent, 'file'), '');
    const broken = createFolderStore(join(parent, 'file'));
    await expect(broken.put('a', randomBytes(1))).rejects.toMatchObject({ code: 'unavailable', cause: { code: 'ENOTDIR' } });
  });

  test('a key below an object cannot be stored', async () => {
    await store.put('a', Buffer.from('object'));
    await expect(store.put('a/b', randomBytes(1))).rejects.toMatchObject({ code: 'unavailable' });
    await store.put('c/d', randomBytes(1));
    await expect(store.put('c', randomBytes(1))).rejects.toMatchObject({ code: 'unavailable' });
    expect((await readBytes(await present(store.get('a')))).toString()).toBe('object');
  });

  test('a file that may not grow any more leaves the old object and says so', async () => {
    await store.put('kept', Buffer.from('old'));
    // A limit of 64 KB on file size, for one process: to a writer the same as a full disk.
    const script = `
      import { createFolderStore } from ${JSON.stringify(new URL('./folder-store.ts', import.meta.url).href)};
      const store = createFolderStore(${JSON.stringify(directory)});
      await store.put('kept', new Uint8Array(1_000_000)).catch((error) => console.log(error.code, '/', error.message));`;
    const { stdout } = await promisify(execFile)('bash', [
      '-c',
      'ulimit -f 64; exec "$0" --experimental-strip-types --input-type=module -e "$1"',
      process.execPath,
      script,
    ]);
    expect(stdout.trim()).toBe('unavailable / There is no space left for the object.');
    expect((await readBytes(await present(store.get('kept')))).toString()).toBe('old');
    expect(await readdir(join(directory, '.drafts'))).toEqual([]);
  });

  test('a full disk is told from a broken one', () => {
    const errno = (code: string) => Object.assign(new Error(code), { code, syscall: 'write' });
    expect(toStoreError(errno('ENOSPC'))).toMatchObject({ code: 'unavailable', message: 'There is no space left for the object.' });
    expect(toStoreError(errno('EDQUOT'))).toMatchObject({ code: 'unavailable', message: 'There is no space left for the object.' });
    expect(toStoreError(errno('EIO'))).toMatchObject({ code: 'unavailable', message: 'The object folder failed.' });
  });
});
