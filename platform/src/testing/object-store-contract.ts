import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newAssetId } from '@mediaflow/shared/ids';
import { mediaContentType, mediaKey } from '@mediaflow/shared/keys';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inChunks, listKeys, present, readBytes, sha256, streamOf } from './objects.ts';

export interface StoreUnderTest {
  readonly store: ObjectStore;
  close(): Promise<void>;
}

/** What every driver of the `ObjectStore` port promises. `open` makes an empty store for each test. */
export function describeObjectStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as an object store`, () => {
    let opened: StoreUnderTest;
    let store: ObjectStore;
    let scratch: string;

    beforeEach(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'mediaflow-contract-'));
      opened = await open();
      store = opened.store;
    });
    afterEach(async () => {
      await opened?.close();
      await rm(scratch, { recursive: true, force: true });
    });

    describe('put, head and get', () => {
      test.each([0, 1, 1000, 64 * 1024, 3 * 1024 * 1024])('gives %i bytes back as they were', async (sizeBytes) => {
        const bytes = randomBytes(sizeBytes);
        await store.put('a/b.bin', bytes);
        expect(await store.head('a/b.bin')).toMatchObject({ sizeBytes });
        const object = await present(store.get('a/b.bin'));
        expect(object).toMatchObject({ sizeBytes, range: { offset: 0, length: sizeBytes } });
        expect(await readBytes(object)).toEqual(bytes);
      });

      test('takes a stream of unknown length, larger than one part of a multipart upload', async () => {
        const [chunk, count] = [randomBytes(1024 * 1024 + 7), 19];
        await store.put('large', streamOf(...Array.from({ length: count }, () => chunk)));
        const object = await present(store.get('large'));
        expect(object.sizeBytes).toBe(chunk.length * count);
        expect(sha256(await readBytes(object))).toBe(sha256(Buffer.concat(Array.from({ length: count }, () => chunk))));
      });

      test('takes an empty stream', async () => {
        await store.put('empty', streamOf());
        expect(await store.head('empty')).toMatchObject({ sizeBytes: 0 });
        expect(await readBytes(await present(store.get('empty')))).toHaveLength(0);
      });

      test('keeps the content type of media', async () => {
        const object = { kind: 'init', renditionId: 'a0' } as const;
        const key = mediaKey({ assetId: newAssetId(), version: 1, object });
        await store.put(key, randomBytes(10), { contentType: mediaContentType(object) });
        const stored = await present(store.get(key));
        await stored.body.cancel();
        expect(stored.contentType).toBe('audio/mp4');
      });

      test('knows nothing of a key that was never put', async () => {
        expect(await store.head('nothing')).toBeUndefined();
        expect(await store.get('nothing')).toBeUndefined();
        expect(await store.get('nothing', { offset: 5 })).toBeUndefined();
        expect(await store.head('a/b/c')).toBeUndefined();
      });

      test('does not take a folder of keys for an object', async () => {
        await store.put('folder/name', randomBytes(3));
        expect(await store.head('folder')).toBeUndefined();
        expect(await store.get('folder')).toBeUndefined();
        expect(await store.stage('folder', join(scratch, 'folder'))).toBe(false);
        await store.delete('folder');
        expect(await store.head('folder/name')).toBeDefined();
      });

      test('does not look for keys below an object', async () => {
        await store.put('object', randomBytes(3));
        expect(await store.head('object/name')).toBeUndefined();
        expect(await store.get('object/name')).toBeUndefined();
        await store.delete('object/name');
        expect(await store.head('object')).toBeDefined();
      });

      test('changes the etag whenever the bytes change, and only quotes make an etag', async () => {
        const etags = new Set<string | undefined>();
        for (let round = 0; round < 10; round += 1) {
          await store.put('same-length', Buffer.from(`version ${round}`));
          const info = await store.head('same-length');
          expect(info?.etag).toMatch(/^"[^"]+"$/);
          const object = await present(store.get('same-length'));
          await object.body.cancel();
          expect(object.etag).toBe(info?.etag);
          etags.add(info?.etag);
        }
        expect(etags.size).toBe(10);
      });

      test('is idempotent', async () => {
        const bytes = randomBytes(1000);
        await store.put('again', bytes);
        await store.put('again', bytes);
        expect(await readBytes(await present(store.get('again')))).toEqual(bytes);
        expect(await listKeys(store, '')).toEqual(['again']);
      });
    });

    describe('a put only if absent', () => {
      const first = Buffer.from('the first');
      test('writes what is not there', async () => {
        await store.put('a/new', first, { ifAbsent: true, sizeBytes: first.length });
        expect(await readBytes(await present(store.get('a/new')))).toEqual(first);
      });

      test.each([
        { body: 'bytes', later: () => Buffer.from('the second') },
        { body: 'a stream', later: () => streamOf(Buffer.from('the second')) },
      ])('leaves what is there as it is, for $body', async ({ later }) => {
        await store.put('a/old', first);
        const before = await store.head('a/old');
        await store.put('a/old', later(), { ifAbsent: true });
        expect(await store.head('a/old')).toEqual(before);
        expect(await readBytes(await present(store.get('a/old')))).toEqual(first);
        expect(await listKeys(store, '')).toEqual(['a/old']);
      });

      test('writes again after a delete', async () => {
        await store.put('a/b', first, { ifAbsent: true });
        await store.delete('a/b');
        await store.put('a/b', Buffer.from('the second'), { ifAbsent: true });
        expect((await readBytes(await present(store.get('a/b')))).toString()).toBe('the second');
      });

      test('gives all of ten at once the same winner, whole and for good', async () => {
        const bodies = Array.from({ length: 10 }, () => randomBytes(200_000));
        const seen = await Promise.all(
          bodies.map(async (body) => {
            await store.put('contested/one', body, { ifAbsent: true });
            return sha256(await readBytes(await present(store.get('contested/one'))));
          }),
        );
        expect(new Set(seen).size).toBe(1);
        expect(bodies.map(sha256)).toContain(seen[0]);
      });

      test('refuses a body of another length before it looks', async () => {
        await expect(store.put('a/b', first, { ifAbsent: true, sizeBytes: 1 })).rejects.toMatchObject({ code: 'internal' });
        expect(await store.head('a/b')).toBeUndefined();
      });
    });

    describe('ranges', () => {
      const bytes = Buffer.from('0123456789');
      test.each([
        { range: { offset: 0 }, text: '0123456789' },
        { range: { offset: 0, length: 1 }, text: '0' },
        { range: { offset: 3, length: 4 }, text: '3456' },
        { range: { offset: 7 }, text: '789' },
        { range: { offset: 9, length: 1 }, text: '9' },
        { range: { offset: 8, length: 1_000_000 }, text: '89' },
      ])('$range is $text', async ({ range, text }) => {
        await store.put('digits', bytes);
        const object = await present(store.get('digits', range));
        expect(object).toMatchObject({ sizeBytes: 10, range: { offset: range.offset, length: text.length } });
        expect((await readBytes(object)).toString()).toBe(text);
      });

      test.each([
        { size: 10, range: { offset: 10 } },
        { size: 10, range: { offset: 11, length: 5 } },
        { size: 10, range: { offset: Number.MAX_SAFE_INTEGER } },
        { size: 0, range: { offset: 0 } },
      ])('$range of $size bytes cannot be satisfied', async ({ size, range }) => {
        await store.put('digits', bytes.subarray(0, size));
        await expect(store.get('digits', range)).rejects.toMatchObject({ name: 'AppError', code: 'range_not_satisfiable' });
      });

      test.each([{ offset: -1 }, { offset: 0.5 }, { offset: 0, length: 0 }, { offset: 0, length: -1 }, { offset: Number.NaN }])(
        '%o is a bug of the caller',
        async (range) => {
          await store.put('digits', bytes);
          await expect(store.get('digits', range)).rejects.toThrow('not a byte range');
        },
      );
    });

    describe('a put that fails', () => {
      const old = Buffer.from('what was there before');
      const failing = (chunks: readonly Uint8Array[]) =>
        new ReadableStream<Uint8Array>({
          pull: (() => {
            const left = [...chunks];
            return (controller) => {
              const chunk = left.shift();
              if (chunk === undefined) controller.error(new Error('the client went away'));
              else controller.enqueue(chunk);
            };
          })(),
        });

      test.each([
        { what: 'an empty body', size: 0 },
        { what: 'a small body', size: 1000 },
        { what: 'a body of several parts', size: 9 * 1024 * 1024 },
      ])('because $what broke off leaves what was there, and throws what the body threw', async ({ size }) => {
        await store.put('kept', old);
        await expect(store.put('kept', failing(size === 0 ? [] : [randomBytes(size)]))).rejects.toThrow('the client went away');
        await expect(store.put('new', failing(size === 0 ? [] : [randomBytes(size)]))).rejects.toThrow('the client went away');
        expect(await readBytes(await present(store.get('kept')))).toEqual(old);
        expect(await listKeys(store, '')).toEqual(['kept']);
      });

      test.each([
        { sizeBytes: 5, body: 'four' },
        { sizeBytes: 3, body: 'four' },
        { sizeBytes: 0, body: 'four' },
        { sizeBytes: 1, body: '' },
      ])('because $sizeBytes bytes were announced and "$body" came stores nothing', async ({ sizeBytes, body }) => {
        await store.put('kept', old);
        const bytes = Buffer.from(body);
        for (const content of [bytes, streamOf(bytes)]) {
          await expect(store.put('kept', content, { sizeBytes })).rejects.toMatchObject({ name: 'AppError', code: 'internal' });
        }
        expect(await readBytes(await present(store.get('kept')))).toEqual(old);
      });

      test('ends the body early when more comes than was announced', async () => {
        let cancelled = false;
        const endless = new ReadableStream<Uint8Array>({
          pull: (controller) => controller.enqueue(randomBytes(64 * 1024)),
          cancel: () => {
            cancelled = true;
          },
        });
        await expect(store.put('endless', endless, { sizeBytes: 100_000 })).rejects.toMatchObject({ code: 'internal' });
        await expect.poll(() => cancelled).toBe(true);
        expect(await store.head('endless')).toBeUndefined();
      });

      test('is not needed when the size is right', async () => {
        await store.put('exact', streamOf(Buffer.from('ab'), Buffer.from('cd')), { sizeBytes: 4 });
        expect((await readBytes(await present(store.get('exact')))).toString()).toBe('abcd');
      });
    });

    describe('at once', () => {
      test('two puts leave one of the two, whole', async () => {
        const bodies = [randomBytes(6 * 1024 * 1024), randomBytes(6 * 1024 * 1024)];
        await Promise.all(bodies.map((body) => store.put('contested', inChunks(body))));
        const stored = await readBytes(await present(store.get('contested')));
        expect(bodies.map(sha256)).toContain(sha256(stored));
      });

      test('a reader during puts sees one version, whole', async () => {
        const versions = Array.from({ length: 8 }, (_, index) => Buffer.alloc(300_000 + index, index));
        await store.put('live', versions[0] as Buffer);
        const writing = (async () => {
          for (const version of versions) await store.put('live', inChunks(version));
        })();
        let done = false;
        writing.finally(() => {
          done = true;
        });
        do {
          const object = await present(store.get('live'));
          const bytes = await readBytes(object);
          expect(bytes).toHaveLength(object.sizeBytes);
          expect(new Set(bytes).size).toBe(1);
          expect(bytes).toHaveLength(300_000 + (bytes[0] ?? 0));
        } while (!done);
        await writing;
      });

      test('puts and deletes in one folder do not disturb each other', async () => {
        const rounds = Array.from({ length: 60 }, (_, index) => index);
        await Promise.all(
          rounds.map(async (index) => {
            await store.put(`x/y/z/${index}`, Buffer.from(String(index)));
            expect(await store.head(`x/y/z/${index}`)).toBeDefined();
            await store.delete(`x/y/z/${index}`);
          }),
        );
        expect(await listKeys(store, '')).toEqual([]);
      });
    });

    describe('list', () => {
      test('finds keys by prefix, which may end within a name', async () => {
        const keys = ['a', 'ab/c', 'ab/cd', 'ab/cd2/e', 'abc', 'b/ab'];
        for (const key of keys) await store.put(key, Buffer.from(key));
        expect(await listKeys(store, '')).toEqual(keys);
        expect(await listKeys(store, 'a')).toEqual(['a', 'ab/c', 'ab/cd', 'ab/cd2/e', 'abc']);
        expect(await listKeys(store, 'ab')).toEqual(['ab/c', 'ab/cd', 'ab/cd2/e', 'abc']);
        expect(await listKeys(store, 'ab/')).toEqual(['ab/c', 'ab/cd', 'ab/cd2/e']);
        expect(await listKeys(store, 'ab/cd')).toEqual(['ab/cd', 'ab/cd2/e']);
        expect(await listKeys(store, 'ab/cd2/e')).toEqual(['ab/cd2/e']);
        expect(await listKeys(store, 'ab/cd2/e/')).toEqual([]);
        expect(await listKeys(store, 'nothing/here')).toEqual([]);
      });

      test('tells size and etag as head does', async () => {
        await store.put('one/two', randomBytes(77));
        const info = await store.head('one/two');
        for await (const entry of store.list('one/')) expect(entry).toEqual({ key: 'one/two', ...info });
        expect(info?.sizeBytes).toBe(77);
      });

      test('has no end of a page', async () => {
        const keys = Array.from({ length: 1_100 }, (_, index) => `many/${index}`);
        for (let first = 0; first < keys.length; first += 50) {
          await Promise.all(keys.slice(first, first + 50).map((key) => store.put(key, Buffer.from(key))));
        }
        expect(await listKeys(store, 'many/')).toEqual(keys.toSorted());
      });

      test('may be left early, and objects deleted while it goes on', async () => {
        for (const key of ['q/1', 'q/2', 'q/3']) await store.put(key, Buffer.from(key));
        for await (const { key } of store.list('q/')) {
          await store.delete(key);
        }
        for await (const _ of store.list('')) break;
        expect(await listKeys(store, '')).toEqual([]);
      });
    });

    describe('delete', () => {
      test('removes one object, and is no error twice', async () => {
        await store.put('d/one', randomBytes(3));
        await store.put('d/two', randomBytes(3));
        await store.delete('d/one');
        await store.delete('d/one');
        await store.delete('never/was');
        expect(await listKeys(store, '')).toEqual(['d/two']);
      });
    });

    describe('stage', () => {
      test('makes a local file', async () => {
        const bytes = randomBytes(300_000);
        await store.put('s/source', bytes);
        expect(await store.stage('s/source', join(scratch, 'new/folder/source.mp4'))).toBe(true);
        expect(await readFile(join(scratch, 'new/folder/source.mp4'))).toEqual(bytes);
      });

      test('replaces a file, also by the same object once more', async () => {
        const path = join(scratch, 'source');
        await writeFile(path, 'left by a killed worker');
        await store.put('s/source', Buffer.from('the object'));
        for (let round = 0; round < 2; round += 1) expect(await store.stage('s/source', path)).toBe(true);
        expect(await readFile(path, 'utf8')).toBe('the object');
        expect(await readdir(scratch)).toEqual(['source']);
      });

      test('stays as it was when the object is replaced or deleted', async () => {
        const path = join(scratch, 'source');
        await store.put('s/source', Buffer.from('first'));
        await store.stage('s/source', path);
        await store.put('s/source', Buffer.from('second'));
        await store.delete('s/source');
        expect(await readFile(path, 'utf8')).toBe('first');
      });

      test('is false, and leaves no file, when there is no object', async () => {
        expect(await store.stage('s/absent', join(scratch, 'absent'))).toBe(false);
        expect(await readdir(scratch)).toEqual([]);
      });
    });

    describe('hostile keys', () => {
      test.each([
        '',
        '/',
        '/etc/passwd',
        '..',
        '../outside',
        'a/../../outside',
        'a/..',
        './a',
        'a//b',
        'a/',
        '.hidden',
        'a/.hidden',
        'a\\..\\b',
        'a\0b',
        'a b',
        'a\nb',
        'ä',
        '%2e%2e/outside',
        'a name of 256 characters'.padEnd(256, 'x').replaceAll(' ', '-'),
        `more-than-1024-characters/${'x/'.repeat(500)}x`,
      ])('%j is refused by every method', async (key) => {
        const path = join(scratch, 'staged');
        const calls = [
          store.head(key),
          store.get(key),
          store.put(key, randomBytes(1)),
          store.delete(key),
          store.stage(key, path),
          store.presign(key, 'GET', 60),
        ];
        for (const result of await Promise.allSettled(calls)) {
          expect(result).toMatchObject({ status: 'rejected', reason: { name: 'TypeError' } });
        }
        expect(await listKeys(store, '')).toEqual([]);
      });

      test.each(['..', '../', 'a/../', '/', './', 'a//', '.drafts', 'a/.'])('%j is refused as a prefix', async (prefix) => {
        await expect(listKeys(store, prefix)).rejects.toThrow(TypeError);
      });

      test('a key of 1024 characters works', async () => {
        const key = ['a'.repeat(255), 'b'.repeat(255), 'c'.repeat(255), 'd'.repeat(254), 'x'].join('/');
        expect(key).toHaveLength(1024);
        await store.put(key, Buffer.from('deep'));
        expect(await listKeys(store, key)).toEqual([key]);
      });
    });
  });
}
