import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Subject } from './subject.ts';

export function describeStaging(subject: Subject): void {
  describe('stage', () => {
    test('makes a local file', async () => {
      const bytes = randomBytes(300_000);
      await subject.store.put('s/source', bytes);
      expect(await subject.store.stage('s/source', join(subject.scratch, 'new/folder/source.mp4'))).toBe(true);
      expect(await readFile(join(subject.scratch, 'new/folder/source.mp4'))).toEqual(bytes);
    });

    test('replaces a file, also by the same object once more', async () => {
      const path = join(subject.scratch, 'source');
      await writeFile(path, 'left by a killed worker');
      await subject.store.put('s/source', Buffer.from('the object'));
      for (let round = 0; round < 2; round += 1) expect(await subject.store.stage('s/source', path)).toBe(true);
      expect(await readFile(path, 'utf8')).toBe('the object');
      expect(await readdir(subject.scratch)).toEqual(['source']);
    });

    test('stays as it was when the object is replaced or deleted', async () => {
      const path = join(subject.scratch, 'source');
      await subject.store.put('s/source', Buffer.from('first'));
      await subject.store.stage('s/source', path);
      await subject.store.put('s/source', Buffer.from('second'));
      await subject.store.delete('s/source');
      expect(await readFile(path, 'utf8')).toBe('first');
    });

    test('is false, and leaves no file, when there is no object', async () => {
      expect(await subject.store.stage('s/absent', join(subject.scratch, 'absent'))).toBe(false);
      expect(await readdir(subject.scratch)).toEqual([]);
    });
  });
}
