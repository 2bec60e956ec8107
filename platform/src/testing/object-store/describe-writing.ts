import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { inChunks, listKeys, present, readBytes, sha256, streamOf } from '../objects.ts';
import type { Subject } from './subject.ts';

/** A put happens as a whole or not at all, whatever else goes on. */
export function describeWriting(subject: Subject): void {
  describe('a put only if absent', () => {
    const first = Buffer.from('the first');
    test('writes what is not there', async () => {
      await subject.store.put('a/new', first, { ifAbsent: true, sizeBytes: first.length });
      expect(await readBytes(await present(subject.store.get('a/new')))).toEqual(first);
    });

    test.each([
      { body: 'bytes', later: () => Buffer.from('the second') },
      { body: 'a stream', later: () => streamOf(Buffer.from('the second')) },
    ])('leaves what is there as it is, for $body', async ({ later }) => {
      await subject.store.put('a/old', first);
      const before = await subject.store.head('a/old');
      await subject.store.put('a/old', later(), { ifAbsent: true });
      expect(await subject.store.head('a/old')).toEqual(before);
      expect(await readBytes(await present(subject.store.get('a/old')))).toEqual(first);
      expect(await listKeys(subject.store, '')).toEqual(['a/old']);
    });

    test('writes again after a delete', async () => {
      await subject.store.put('a/b', first, { ifAbsent: true });
      await subject.store.delete('a/b');
      await subject.store.put('a/b', Buffer.from('the second'), { ifAbsent: true });
      expect((await readBytes(await present(subject.store.get('a/b')))).toString()).toBe('the second');
    });

    test('gives all of ten at once the same winner, whole and for good', async () => {
      const bodies = Array.from({ length: 10 }, () => randomBytes(200_000));
      const seen = await Promise.all(
        bodies.map(async (body) => {
          await subject.store.put('contested/one', body, { ifAbsent: true });
          return sha256(await readBytes(await present(subject.store.get('contested/one'))));
        }),
      );
      expect(new Set(seen).size).toBe(1);
      expect(bodies.map(sha256)).toContain(seen[0]);
    });

    test('refuses a body of another length before it looks', async () => {
      await expect(subject.store.put('a/b', first, { ifAbsent: true, sizeBytes: 1 })).rejects.toMatchObject({ code: 'internal' });
      expect(await subject.store.head('a/b')).toBeUndefined();
    });
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
      await subject.store.put('kept', old);
      await expect(subject.store.put('kept', failing(size === 0 ? [] : [randomBytes(size)]))).rejects.toThrow('the client went away');
      await expect(subject.store.put('new', failing(size === 0 ? [] : [randomBytes(size)]))).rejects.toThrow('the client went away');
      expect(await readBytes(await present(subject.store.get('kept')))).toEqual(old);
      expect(await listKeys(subject.store, '')).toEqual(['kept']);
    });

    test.each([
      { sizeBytes: 5, body: 'four' },
      { sizeBytes: 3, body: 'four' },
      { sizeBytes: 0, body: 'four' },
      { sizeBytes: 1, body: '' },
    ])('because $sizeBytes bytes were announced and "$body" came stores nothing', async ({ sizeBytes, body }) => {
      await subject.store.put('kept', old);
      const bytes = Buffer.from(body);
      for (const content of [bytes, streamOf(bytes)]) {
        await expect(subject.store.put('kept', content, { sizeBytes })).rejects.toMatchObject({ name: 'AppError', code: 'internal' });
      }
      expect(await readBytes(await present(subject.store.get('kept')))).toEqual(old);
    });

    test('ends the body early when more comes than was announced', async () => {
      let cancelled = false;
      const endless = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(randomBytes(64 * 1024)),
        cancel: () => {
          cancelled = true;
        },
      });
      await expect(subject.store.put('endless', endless, { sizeBytes: 100_000 })).rejects.toMatchObject({ code: 'internal' });
      await expect.poll(() => cancelled).toBe(true);
      expect(await subject.store.head('endless')).toBeUndefined();
    });

    test('is not needed when the size is right', async () => {
      await subject.store.put('exact', streamOf(Buffer.from('ab'), Buffer.from('cd')), { sizeBytes: 4 });
      expect((await readBytes(await present(subject.store.get('exact')))).toString()).toBe('abcd');
    });
  });

  describe('at once', () => {
    test('two puts leave one of the two, whole', async () => {
      const bodies = [randomBytes(6 * 1024 * 1024), randomBytes(6 * 1024 * 1024)];
      await Promise.all(bodies.map((body) => subject.store.put('contested', inChunks(body))));
      const stored = await readBytes(await present(subject.store.get('contested')));
      expect(bodies.map(sha256)).toContain(sha256(stored));
    });

    test('a reader during puts sees one version, whole', async () => {
      const versions = Array.from({ length: 8 }, (_, index) => Buffer.alloc(300_000 + index, index));
      await subject.store.put('live', versions[0] as Buffer);
      const writing = (async () => {
        for (const version of versions) await subject.store.put('live', inChunks(version));
      })();
      let done = false;
      writing.finally(() => {
        done = true;
      });
      do {
        const object = await present(subject.store.get('live'));
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
          await subject.store.put(`x/y/z/${index}`, Buffer.from(String(index)));
          expect(await subject.store.head(`x/y/z/${index}`)).toBeDefined();
          await subject.store.delete(`x/y/z/${index}`);
        }),
      );
      expect(await listKeys(subject.store, '')).toEqual([]);
    });
  });
}
