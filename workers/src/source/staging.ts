import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { type SourceRef, stageSource } from './stage-source.ts';

export type { SourceRef } from './stage-source.ts';

/**
 * Path of a file made from a staged source, kept as long as the source's copy and shared by all its users: `make` runs
 * when nobody has made it yet, and writes to the path it is given. Names are ours: letters, digits and dashes.
 */
export type Derive = (name: string, make: (path: string) => Promise<void>) => Promise<string>;

/**
 * Local copies of sources. ffmpeg reads files only: given a URL it would fetch the index again on every start, and a
 * playlist posing as a video could make it open others.
 */
export interface Staging {
  /**
   * Gives `work` the source as a local file that must not be written. Concurrent users of one source share the copy;
   * it stays for `idleMs` after the last, because the next unit of the same asset usually follows.
   *
   * @throws AppError `source_missing`, `source_mismatch` (it is not what was uploaded), `scratch_full`
   */
  withSource<T>(source: SourceRef, work: (path: string, derive: Derive) => Promise<T>): Promise<T>;
  /** Removes idle copies, the longest unused first, until `sizeBytes` are free or none is left. */
  makeRoom(sizeBytes: number): Promise<void>;
  /** Removes idle copies now. */
  close(): Promise<void>;
}

interface Copy {
  readonly path: string;
  readonly ready: Promise<void>;
  readonly derived: Map<string, Promise<void>>;
  users: number;
  removal?: NodeJS.Timeout;
}

export interface StagingOptions {
  readonly store: ObjectStore;
  readonly directory: string;
  /** Of the disk that `directory` is on. */
  readonly freeBytes: () => Promise<number>;
  /** Kept free beside a new copy. */
  readonly minFreeBytes: number;
  readonly idleMs?: number;
}

export function createStaging({ store, directory, freeBytes, minFreeBytes, idleMs = 60_000 }: StagingOptions): Staging {
  /** In the order of their last use. */
  const copies = new Map<string, Copy>();

  const take = (source: SourceRef): Copy => {
    const known = copies.get(source.sourceKey);
    if (known !== undefined) {
      clearTimeout(known.removal);
      known.users += 1;
      copies.delete(source.sourceKey);
      copies.set(source.sourceKey, known);
      return known;
    }
    // A name of its own: the copy before it may be being removed just now.
    const path = join(directory, randomUUID());
    const ready = makeRoom(source.sizeBytes + minFreeBytes).then(() => stageSource(store, source, path));
    const copy: Copy = { path, ready, derived: new Map(), users: 1 };
    copies.set(source.sourceKey, copy);
    return copy;
  };

  const remove = async (key: string, copy: Copy): Promise<void> => {
    if (copies.get(key) === copy) copies.delete(key);
    await Promise.all(
      [copy.path, ...[...copy.derived.keys()].map((name) => derivedPath(copy, name))].map((path) => rm(path, { force: true })),
    );
  };

  const removeIdle = async (isEnough: () => Promise<boolean>): Promise<void> => {
    for (const [key, copy] of [...copies]) {
      if (copy.users > 0) continue;
      if (await isEnough()) return;
      // Taken while the disk was looked at.
      if (copy.users > 0) continue;
      clearTimeout(copy.removal);
      await remove(key, copy);
    }
  };
  const makeRoom = (sizeBytes: number): Promise<void> => removeIdle(async () => (await freeBytes()) >= sizeBytes);

  return {
    makeRoom,
    async withSource(source, work) {
      const copy = take(source);
      let isUsable = false;
      try {
        await copy.ready;
        isUsable = true;
        return await work(copy.path, (name, make) =>
          derive(copy, name, async (path) => {
            // A copy of its streams is the largest of what is made of a source.
            await makeRoom(source.sizeBytes + minFreeBytes);
            // A part of one, as a full disk leaves it, would take the room from whoever tries next.
            await make(path).catch((error: unknown) => rm(path, { force: true }).then(() => Promise.reject(error)));
          }),
        );
      } finally {
        copy.users -= 1;
        if (!isUsable) await remove(source.sourceKey, copy);
        else if (copy.users === 0) {
          copy.removal = setTimeout(() => void remove(source.sourceKey, copy).catch(() => undefined), idleMs);
          copy.removal.unref();
        }
      }
    },
    close: () => removeIdle(() => Promise.resolve(false)),
  };
}

const derivedPath = ({ path }: Copy, name: string): string => `${path}.${name}`;

async function derive(copy: Copy, name: string, make: (path: string) => Promise<void>): Promise<string> {
  const path = derivedPath(copy, name);
  for (let made = copy.derived.get(name); made !== undefined; made = copy.derived.get(name)) {
    const isMade = await made.then(
      () => true,
      () => false,
    );
    if (isMade) return path;
    // Whoever made it failed, or its job was stopped; that need not befall this one.
    if (copy.derived.get(name) === made) copy.derived.delete(name);
  }
  const making = make(path);
  copy.derived.set(name, making);
  await making;
  return path;
}
