import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import type { ObjectStore } from '@mediaflow/shared/object-store';

export interface SourceRef {
  readonly sourceKey: string;
  readonly sizeBytes: number;
}

/**
 * Local copies of sources. ffmpeg reads files only: given a URL it would fetch the index again on every start, and a
 * playlist posing as a video could make it open others.
 */
export interface Staging {
  /**
   * Gives `work` the source as a local file that must not be written. Concurrent users of one source share the copy;
   * it stays for `idleMs` after the last, because the next unit of the same asset usually follows.
   *
   * @throws AppError `source_missing`, `source_mismatch` (its length is not what the upload recorded)
   */
  withSource<T>(source: SourceRef, work: (path: string) => Promise<T>): Promise<T>;
  /** Removes idle copies now. */
  close(): Promise<void>;
}

interface Copy {
  readonly path: string;
  readonly ready: Promise<void>;
  users: number;
  removal?: NodeJS.Timeout;
}

export interface StagingOptions {
  readonly store: ObjectStore;
  readonly directory: string;
  readonly idleMs?: number;
}

export function createStaging({ store, directory, idleMs = 60_000 }: StagingOptions): Staging {
  const copies = new Map<string, Copy>();

  const take = (source: SourceRef): Copy => {
    const known = copies.get(source.sourceKey);
    if (known !== undefined) {
      clearTimeout(known.removal);
      known.users += 1;
      return known;
    }
    const path = join(directory, createHash('sha256').update(source.sourceKey).digest('hex').slice(0, 32));
    const copy: Copy = { path, ready: stage(store, source, directory, path), users: 1 };
    copies.set(source.sourceKey, copy);
    return copy;
  };

  const remove = async (key: string, copy: Copy): Promise<void> => {
    if (copies.get(key) === copy) copies.delete(key);
    await rm(copy.path, { force: true });
  };

  return {
    async withSource(source, work) {
      const copy = take(source);
      let isUsable = false;
      try {
        await copy.ready;
        isUsable = true;
        return await work(copy.path);
      } finally {
        copy.users -= 1;
        if (!isUsable) await remove(source.sourceKey, copy);
        else if (copy.users === 0) {
          copy.removal = setTimeout(() => void remove(source.sourceKey, copy).catch(() => undefined), idleMs);
          copy.removal.unref();
        }
      }
    },
    async close() {
      const idle = [...copies].filter(([, copy]) => copy.users === 0);
      for (const [, copy] of idle) clearTimeout(copy.removal);
      await Promise.all(idle.map(([key, copy]) => remove(key, copy)));
    },
  };
}

async function stage(store: ObjectStore, { sourceKey, sizeBytes }: SourceRef, directory: string, path: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  // A job that is tried again finds what the attempt before it left.
  await rm(path, { force: true });
  if (!(await store.stage(sourceKey, path))) throw new AppError('source_missing', 'The uploaded file is no longer stored.');
  const { size } = await stat(path);
  if (size === sizeBytes) return;
  throw new AppError('source_mismatch', 'The stored file is not the one that was uploaded.', {
    details: { expectedBytes: sizeBytes, actualBytes: size },
  });
}
