import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { newAssetId } from '@mediaflow/shared/ids';
import { mediaContentType, mediaKey } from '@mediaflow/shared/keys';
import { describe, expect, test } from 'vitest';
import { listKeys, present, readBytes, sha256, streamOf } from '../objects.ts';
import type { Subject } from './subject.ts';

/** What was put comes back as it was, whole or in part, until it is deleted. */
export function describeReading(subject: Subject): void {
  describe('put, head and get', () => {
    test.each([0, 1, 1000, 64 * 1024, 3 * 1024 * 1024])('gives %i bytes back as they were', async (sizeBytes) => {
      const bytes = randomBytes(sizeBytes);
      await subject.store.put('a/b.bin', bytes);
      expect(await subject.store.head('a/b.bin')).toMatchObject({ sizeBytes });
      const object = await present(subject.store.get('a/b.bin'));
      expect(object).toMatchObject({ sizeBytes, range: { offset: 0, length: sizeBytes } });
      expect(await readBytes(object)).toEqual(bytes);
    });

    test('takes a stream of unknown length, larger than one part of a multipart upload', async () => {
      const [chunk, count] = [randomBytes(1024 * 1024 + 7), 19];
      await subject.store.put('large', streamOf(...Array.from({ length: count }, () => chunk)));
      const object = await present(subject.store.get('large'));
      expect(object.sizeBytes).toBe(chunk.length * count);
      expect(sha256(await readBytes(object))).toBe(sha256(Buffer.concat(Array.from({ length: count }, () => chunk))));
    });

    test('takes an empty stream', async () => {
      await subject.store.put('empty', streamOf());
      expect(await subject.store.head('empty')).toMatchObject({ sizeBytes: 0 });
      expect(await readBytes(await present(subject.store.get('empty')))).toHaveLength(0);
    });

    test('keeps the content type of media', async () => {
      const object = { kind: 'init', renditionId: 'a0' } as const;
      const key = mediaKey({ assetId: newAssetId(), version: 1, object });
      await subject.store.put(key, randomBytes(10), { contentType: mediaContentType(object) });
      const stored = await present(subject.store.get(key));
      await stored.body.cancel();
      expect(stored.contentType).toBe('audio/mp4');
    });

    test('knows nothing of a key that was never put', async () => {
      expect(await subject.store.head('nothing')).toBeUndefined();
      expect(await subject.store.get('nothing')).toBeUndefined();
      expect(await subject.store.get('nothing', { offset: 5 })).toBeUndefined();
      expect(await subject.store.head('a/b/c')).toBeUndefined();
    });

    test('does not take a folder of keys for an object', async () => {
      await subject.store.put('folder/name', randomBytes(3));
      expect(await subject.store.head('folder')).toBeUndefined();
      expect(await subject.store.get('folder')).toBeUndefined();
      expect(await subject.store.stage('folder', join(subject.scratch, 'folder'))).toBe(false);
      await subject.store.delete('folder');
      expect(await subject.store.head('folder/name')).toBeDefined();
    });

    test('does not look for keys below an object', async () => {
      await subject.store.put('object', randomBytes(3));
      expect(await subject.store.head('object/name')).toBeUndefined();
      expect(await subject.store.get('object/name')).toBeUndefined();
      await subject.store.delete('object/name');
      expect(await subject.store.head('object')).toBeDefined();
    });

    test('changes the etag whenever the bytes change, and only quotes make an etag', async () => {
      const etags = new Set<string | undefined>();
      for (let round = 0; round < 10; round += 1) {
        await subject.store.put('same-length', Buffer.from(`version ${round}`));
        const info = await subject.store.head('same-length');
        expect(info?.etag).toMatch(/^"[^"]+"$/);
        const object = await present(subject.store.get('same-length'));
        await object.body.cancel();
        expect(object.etag).toBe(info?.etag);
        etags.add(info?.etag);
      }
      expect(etags.size).toBe(10);
    });

    test('is idempotent', async () => {
      const bytes = randomBytes(1000);
      await subject.store.put('again', bytes);
      await subject.store.put('again', bytes);
      expect(await readBytes(await present(subject.store.get('again')))).toEqual(bytes);
      expect(await listKeys(subject.store, '')).toEqual(['again']);
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
      await subject.store.put('digits', bytes);
      const object = await present(subject.store.get('digits', range));
      expect(object).toMatchObject({ sizeBytes: 10, range: { offset: range.offset, length: text.length } });
      expect((await readBytes(object)).toString()).toBe(text);
    });

    test.each([
      { size: 10, range: { offset: 10 } },
      { size: 10, range: { offset: 11, length: 5 } },
      { size: 10, range: { offset: Number.MAX_SAFE_INTEGER } },
      { size: 0, range: { offset: 0 } },
    ])('$range of $size bytes cannot be satisfied', async ({ size, range }) => {
      await subject.store.put('digits', bytes.subarray(0, size));
      await expect(subject.store.get('digits', range)).rejects.toMatchObject({ name: 'AppError', code: 'range_not_satisfiable' });
    });

    test.each([{ offset: -1 }, { offset: 0.5 }, { offset: 0, length: 0 }, { offset: 0, length: -1 }, { offset: Number.NaN }])(
      '%o is a bug of the caller',
      async (range) => {
        await subject.store.put('digits', bytes);
        await expect(subject.store.get('digits', range)).rejects.toThrow('not a byte range');
      },
    );
  });

  describe('delete', () => {
    test('removes one object, and is no error twice', async () => {
      await subject.store.put('d/one', randomBytes(3));
      await subject.store.put('d/two', randomBytes(3));
      await subject.store.delete('d/one');
      await subject.store.delete('d/one');
      await subject.store.delete('never/was');
      expect(await listKeys(subject.store, '')).toEqual(['d/two']);
    });
  });
}
