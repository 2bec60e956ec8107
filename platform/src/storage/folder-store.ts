import { randomBytes } from 'node:crypto';
import { copyFile, link, mkdir, opendir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assertObjectKey, assertObjectPrefix, type ObjectStore, type PutOptions } from '@mediaflow/shared/object-store';
import { openObject, statFile, toInfo } from './folder-object.ts';
import { listFolder, pruneFolders } from './folder-tree.ts';
import { hasErrno, ignoreErrno, syncDirectory, toStoreError, translated, writeChunks, writeWhole } from './local-file.ts';
import { measureBody } from './measured-body.ts';

/** Where puts are written before they get their name. No key begins with a dot, so none can meet it. */
const DRAFTS = '.drafts';
/** A draft this old belongs to a process that was killed. */
const STALE_DRAFT_MS = 24 * 3_600_000;
/** What a file system answers that knows no hard links, or not to this file. */
const NO_LINKS = ['EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'] as const;

/**
 * Objects as files: key `a/b.txt` is `{directory}/a/b.txt`. Other programs may write ordinary files beside ours (the TUS
 * file store does). Unlike S3, a key cannot also be the folder of another key: such a put fails with `unavailable`.
 */
export function createFolderStore(directory: string): ObjectStore {
  const drafts = join(directory, DRAFTS);
  const pathOf = (key: string): string => join(directory, assertObjectKey(key));
  let prepared: Promise<void> | undefined;

  /** Once per process. A failure is forgotten, so that a disk that came back is used again. */
  const prepare = (): Promise<void> => {
    prepared ??= prepareDrafts(drafts).catch((error) => {
      prepared = undefined;
      throw error;
    });
    return prepared;
  };

  return {
    async head(key) {
      const stats = await statFile(pathOf(key));
      return stats && toInfo(stats);
    },

    async get(key, range) {
      return await translated(openObject(key, pathOf(key), range));
    },

    async put(key, body, { sizeBytes, ifAbsent = false }: PutOptions = {}) {
      const path = pathOf(key);
      await translated(prepare());
      const draft = join(drafts, randomBytes(12).toString('hex'));
      try {
        await writeChunks(draft, measureBody(body, sizeBytes));
        await translated(publish(draft, path, ifAbsent ? renameIfAbsent : rename));
      } finally {
        await rm(draft, { force: true });
      }
    },

    async *list(prefix) {
      assertObjectPrefix(prefix);
      const slash = prefix.lastIndexOf('/') + 1;
      yield* listFolder(directory, prefix.slice(0, slash), prefix.slice(slash));
    },

    async delete(key) {
      await translated(rm(pathOf(key), { force: true }).catch(ignoreErrno('ENOTDIR', 'EISDIR', 'ERR_FS_EISDIR')));
      await translated(pruneFolders(directory, dirname(key)));
    },

    async stage(key, path) {
      const object = pathOf(key);
      if ((await statFile(object)) === undefined) return false;
      try {
        await writeWhole(path, (draft) => linkOrCopy(object, draft));
        return true;
      } catch (error) {
        // Deleted since.
        if ((await statFile(object)) === undefined) return false;
        throw toStoreError(error);
      }
    },

    async presign(key) {
      assertObjectKey(key);
      return undefined;
    },
  };
}

/** Gives the draft its name, by `move`. Again when a delete pruned the folder between making and using it. */
async function publish(draft: string, path: string, move: (from: string, to: string) => Promise<void>): Promise<void> {
  for (let attemptsLeft = 20; ; attemptsLeft -= 1) {
    try {
      await mkdir(dirname(path), { recursive: true });
      await move(draft, path);
      return await syncDirectory(dirname(path));
    } catch (error) {
      if (attemptsLeft === 0 || !hasErrno(error, 'ENOENT')) throw error;
    }
  }
}

/** Unlike a rename, a link never replaces a file. Without links a look beforehand must do: two writers at once write the same. */
async function renameIfAbsent(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    const isThere = (await statFile(path)) !== undefined;
    if (hasErrno(error, 'EEXIST') && isThere) return;
    if (!hasErrno(error, ...NO_LINKS)) throw error;
    if (!isThere) await rename(draft, path);
  }
}

/** Across devices, and where the system forbids links to files of another owner, there is only the copy. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!hasErrno(error, 'EXDEV', ...NO_LINKS)) throw error;
    await copyFile(from, to);
  }
}

async function prepareDrafts(drafts: string): Promise<void> {
  await mkdir(drafts, { recursive: true });
  const oldest = Date.now() - STALE_DRAFT_MS;
  for await (const entry of await opendir(drafts)) {
    const path = join(drafts, entry.name);
    const stats = await stat(path).catch(ignoreErrno('ENOENT'));
    if (stats !== undefined && stats.mtimeMs < oldest) await rm(path, { force: true });
  }
}
