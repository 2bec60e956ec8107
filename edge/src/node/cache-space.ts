import { mkdir, readdir, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { randomHex } from '@mediaflow/shared/ids';
import { CACHE_FILE_NAME } from './cache-file.ts';
import { CacheLedger } from './cache-ledger.ts';

/** Keeps a folder within its limit. One for each folder: several processes ask the same one (`cluster-space.ts`). */
export interface CacheSpace {
  /** Makes room for a file; false when it is being written, or does not fit. */
  reserve(name: string, sizeBytes: number): Promise<boolean>;
  /** The reserved file is in its place. */
  commit(name: string): void;
  /** The file could not be written, or turned out to be broken. */
  remove(name: string): void;
  /** The file was used. */
  touch(name: string): void;
}

/** Where files are written before they get their name: nothing in it outlives a start. */
const draftDirectory = (directory: string): string => join(directory, 'drafts');

export const draftPath = (directory: string): string => join(draftDirectory(directory), `${process.pid}.${randomHex(16)}`);

/** What a process that has died was writing. */
export async function removeDrafts(directory: string, pid: number): Promise<void> {
  const drafts = (await readdir(draftDirectory(directory))).filter((name) => name.startsWith(`${pid}.`));
  await Promise.all(drafts.map((name) => rm(join(draftDirectory(directory), name), { force: true })));
}

/** Takes over what an earlier process left: whole files stay, drafts go, and so does what is over the limit now. */
export async function openCacheSpace(directory: string, limitBytes: number): Promise<CacheSpace> {
  await rm(draftDirectory(directory), { recursive: true, force: true });
  await mkdir(draftDirectory(directory), { recursive: true });
  const ledger = new CacheLedger(limitBytes);
  // A file that cannot be deleted is gone already, or somebody has to be told by the disk.
  const remove = (name: string): Promise<void> => unlink(join(directory, name)).catch(() => undefined);

  for (const { name, sizeBytes } of await listFiles(directory)) {
    const evicted = ledger.reserve(name, sizeBytes);
    ledger.commit(name);
    await Promise.all((evicted ?? [name]).map(remove));
  }

  return {
    async reserve(name, sizeBytes) {
      const evicted = ledger.reserve(name, sizeBytes);
      if (evicted === undefined) return false;
      await Promise.all(evicted.map(remove));
      return true;
    },
    commit(name) {
      if (!ledger.commit(name)) void remove(name);
    },
    remove(name) {
      ledger.remove(name);
      void remove(name);
    },
    touch: (name) => ledger.touch(name),
  };
}

interface FoundFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** The oldest first. Whatever is not named like a cached file is none of our business. */
async function listFiles(directory: string): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  for (const folder of await readdir(directory)) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    const names = (await readdir(join(directory, folder))).map((file) => `${folder}/${file}`).filter((name) => CACHE_FILE_NAME.test(name));
    const files = names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(directory, name));
      return { name, sizeBytes: size, modifiedMs: mtimeMs };
    });
    found.push(...(await Promise.all(files)));
  }
  return found.sort((a, b) => a.modifiedMs - b.modifiedMs);
}
