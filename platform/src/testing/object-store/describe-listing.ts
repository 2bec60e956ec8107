import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { listKeys } from '../objects.ts';
import type { Subject } from './subject.ts';

export function describeListing(subject: Subject): void {
  describe('list', () => {
    test('finds keys by prefix, which may end within a name', async () => {
      const keys = ['a', 'ab/c', 'ab/cd', 'ab/cd2/e', 'abc', 'b/ab'];
      for (const key of keys) await subject.store.put(key, Buffer.from(key));
      expect(await listKeys(subject.store, '')).toEqual(keys);
      expect(await listKeys(subject.store, 'a')).toEqual(['a', 'ab/c', 'ab/cd', 'ab/cd2/e', 'abc']);
      expect(await listKeys(subject.store, 'ab')).toEqual(['ab/c', 'ab/cd', 'ab/cd2/e', 'abc']);
      expect(await listKeys(subject.store, 'ab/')).toEqual(['ab/c', 'ab/cd', 'ab/cd2/e']);
      expect(await listKeys(subject.store, 'ab/cd')).toEqual(['ab/cd', 'ab/cd2/e']);
      expect(await listKeys(subject.store, 'ab/cd2/e')).toEqual(['ab/cd2/e']);
      expect(await listKeys(subject.store, 'ab/cd2/e/')).toEqual([]);
      expect(await listKeys(subject.store, 'nothing/here')).toEqual([]);
    });

    test('tells size and etag as head does', async () => {
      await subject.store.put('one/two', randomBytes(77));
      const info = await subject.store.head('one/two');
      for await (const entry of subject.store.list('one/')) expect(entry).toEqual({ key: 'one/two', ...info });
      expect(info?.sizeBytes).toBe(77);
    });

    test('has no end of a page', async () => {
      const keys = Array.from({ length: 1_100 }, (_, index) => `many/${index}`);
      for (let first = 0; first < keys.length; first += 50) {
        await Promise.all(keys.slice(first, first + 50).map((key) => subject.store.put(key, Buffer.from(key))));
      }
      expect(await listKeys(subject.store, 'many/')).toEqual(keys.toSorted());
    });

    test('may be left early, and objects deleted while it goes on', async () => {
      for (const key of ['q/1', 'q/2', 'q/3']) await subject.store.put(key, Buffer.from(key));
      for await (const { key } of subject.store.list('q/')) {
        await subject.store.delete(key);
      }
      for await (const _ of subject.store.list('')) break;
      expect(await listKeys(subject.store, '')).toEqual([]);
    });
  });
}
