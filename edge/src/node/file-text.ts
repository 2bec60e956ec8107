import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptText } from '../ports.ts';
import { draftPath } from './cache-space.ts';

/** A file beside the cached objects, outside their limit. @param name that is none of theirs */
export function createFileText(directory: string, name: string): KeptText {
  const path = join(directory, name);
  return {
    read: () => readFile(path, 'utf8').catch(() => undefined),
    async write(text) {
      const draft = draftPath(directory);
      await writeFile(draft, text)
        .then(() => rename(draft, path))
        .catch(() => undefined);
    },
  };
}
