import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listKeys } from '../objects.ts';
import type { Subject } from './subject.ts';

export function describeKeys(subject: Subject): void {
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
      const path = join(subject.scratch, 'staged');
      const calls = [
        subject.store.head(key),
        subject.store.get(key),
        subject.store.put(key, randomBytes(1)),
        subject.store.delete(key),
        subject.store.stage(key, path),
        subject.store.presign(key, 'GET', 60),
      ];
      for (const result of await Promise.allSettled(calls)) {
        expect(result).toMatchObject({ status: 'rejected', reason: { name: 'TypeError' } });
      }
      expect(await listKeys(subject.store, '')).toEqual([]);
    });

    test.each(['..', '../', 'a/../', '/', './', 'a//', '.drafts', 'a/.'])('%j is refused as a prefix', async (prefix) => {
      await expect(listKeys(subject.store, prefix)).rejects.toThrow(TypeError);
    });

    test('a key of 1024 characters works', async () => {
      const key = ['a'.repeat(255), 'b'.repeat(255), 'c'.repeat(255), 'd'.repeat(254), 'x'].join('/');
      expect(key).toHaveLength(1024);
      await subject.store.put(key, Buffer.from('deep'));
      expect(await listKeys(subject.store, key)).toEqual([key]);
    });
  });
}
