import { randomBytes } from 'node:crypto';
import type { BigIntStats, Dirent } from 'node:fs';
import { copyFile, link, mkdir, open, opendir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mediaContentType, parseMediaKey } from '@mediaflow/shared/keys';
import {
  assertObjectKey,
  assertObjectPrefix,
  type ByteRange,
  type ObjectInfo,
  type ObjectStore,
  type PutOptions,
  type StoredObject,
} from '@mediaflow/shared/object-store';
import { resolveRange } from './byte-range.ts';
import { hasErrno, syncDirectory, toStoreError, translated, writeChunks, writeWhole } from './local-file.ts';
import { measureBody } from './measured-body.ts';
import { toWebBody } from './web-body.ts';

/** Where puts are written before they get their name. No key begins with a dot, so none can meet it. */
const DRAFTS = '.drafts';
/** A draft this old belongs to a process that was killed. */
const STALE_DRAFT_MS = 24 * 3_600_000;
const READ_CHUNK_BYTES = 256 * 1024;
/** What a file system answers that knows no hard links, or not to this file. */
const NO_LINKS = ['EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'] as const;

type ListedObject = ObjectInfo & { readonly key: string };

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
      await translated(rm(pathOf(key), { force: true }).catch(ignore('ENOTDIR', 'EISDIR', 'ERR_FS_EISDIR')));
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

async function openObject(key: string, path: string, range: ByteRange | undefined): Promise<StoredObject | undefined> {
  const file = await open(path, 'r').catch(ignore('ENOENT', 'ENOTDIR'));
  if (file === undefined) return undefined;
  try {
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) {
      await file.close();
      return undefined;
    }
    const info = toInfo(stats);
    const part = resolveRange(range, info.sizeBytes);
    const media = parseMediaKey(key);
    // `end` is inclusive and cannot say "nothing"; an empty file is simply read to its end.
    const end = part.length === 0 ? Number.POSITIVE_INFINITY : part.offset + part.length - 1;
    const stream = file.createReadStream({ start: part.offset, end, highWaterMark: READ_CHUNK_BYTES });
    return {
      ...info,
      ...(media !== undefined && { contentType: mediaContentType(media.object) }),
      range: part,
      body: toWebBody(stream, toStoreError),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function statFile(path: string): Promise<BigIntStats | undefined> {
  const stats = await translated(stat(path, { bigint: true }).catch(ignore('ENOENT', 'ENOTDIR')));
  return stats?.isFile() ? stats : undefined;
}

/** A put makes a new inode while the old one still exists, so two puts differ even within one tick of the file system's clock. */
function toInfo(stats: BigIntStats): ObjectInfo {
  const etag = [stats.ino, stats.size, stats.mtimeNs].map((value) => value.toString(36)).join('-');
  return { sizeBytes: Number(stats.size), etag: `"${etag}"` };
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

/** Removes the folders that a delete left empty. The top ones stay: another program may be making a folder in one right now. */
async function pruneFolders(directory: string, folder: string): Promise<void> {
  for (let current = folder; current.includes('/'); current = dirname(current)) {
    try {
      await rmdir(join(directory, current));
    } catch (error) {
      if (hasErrno(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) return;
      if (!hasErrno(error, 'ENOENT')) throw error;
    }
  }
}

async function* listFolder(directory: string, folder: string, namePrefix: string): AsyncGenerator<ListedObject> {
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
  const folder = await translated(opendir(path).catch(ignore('ENOENT', 'ENOTDIR')));
  if (folder === undefined) return;
  try {
    yield* folder;
  } catch (error) {
    if (!hasErrno(error, 'ENOENT')) throw toStoreError(error);
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
    const stats = await stat(path).catch(ignore('ENOENT'));
    if (stats !== undefined && stats.mtimeMs < oldest) await rm(path, { force: true });
  }
}

/** For `catch`: undefined for these errors, anything else is thrown again. */
function ignore(...codes: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (!hasErrno(error, ...codes)) throw error;
    return undefined;
  };
}
