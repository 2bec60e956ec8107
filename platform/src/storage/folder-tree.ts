import type { Dirent } from 'node:fs';
import { opendir, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectInfo } from '@mediaflow/shared/object-store';
import { statFile, toInfo } from './folder-object.ts';
import { hasErrno, ignoreErrno, toStoreError, translated } from './local-file.ts';

type ListedObject = ObjectInfo & { readonly key: string };

/** The objects of a folder and of those in it whose names begin with `namePrefix`. */
export async function* listFolder(directory: string, folder: string, namePrefix: string): AsyncGenerator<ListedObject> {
  for await (const entry of readFolder(join(directory, folder))) {
    // Drafts, and what other programs put here under names that are no keys.
    if (!entry.name.startsWith(namePrefix) || !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(entry.name)) continue;
    const key = folder + entry.name;
    if (entry.isDirectory()) yield* listFolder(directory, `${key}/`, '');
    const stats = entry.isFile() ? await statFile(join(directory, key)) : undefined;
    if (stats !== undefined) yield { key, ...toInfo(stats) };
  }
}

/** A folder that is not there, or no more, has no entries. */
async function* readFolder(path: string): AsyncGenerator<Dirent> {
  const folder = await translated(opendir(path).catch(ignoreErrno('ENOENT', 'ENOTDIR')));
  if (folder === undefined) return;
  try {
    yield* folder;
  } catch (error) {
    if (!hasErrno(error, 'ENOENT')) throw toStoreError(error);
  }
}

/** Removes the folders that a delete left empty. The top ones stay: another program may be making a folder in one right now. */
export async function pruneFolders(directory: string, folder: string): Promise<void> {
  for (let current = folder; current.includes('/'); current = dirname(current)) {
    try {
      await rmdir(join(directory, current));
    } catch (error) {
      if (hasErrno(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) return;
      if (!hasErrno(error, 'ENOENT')) throw error;
    }
  }
}
