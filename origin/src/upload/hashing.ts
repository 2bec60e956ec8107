import { createHash, type Hash } from 'node:crypto';
import type { ObjectStore } from '@mediaflow/shared/object-store';

/** Follows the bytes of one write on their way into the store. */
export interface DigestTap {
  update(chunk: Uint8Array): void;
  /** @param storedOffset where the store stands now; a digest that ran ahead of it is worthless */
  end(storedOffset: number): void;
}

/** SHA-256 of sources while they come in, kept in memory across the PATCHes of an attempt. */
export interface SourceDigests {
  begin(key: string, offset: number): DigestTap;
  /** Hex digest of the first `sizeBytes` bytes, if this process saw all of them in order. */
  read(key: string, sizeBytes: number): string | undefined;
  forget(key: string): void;
  /** Whether a write is going on, and of which keys one is. */
  isReceiving(key: string): boolean;
  listReceiving(): readonly string[];
  /** Keys that got bytes since the last call. */
  takeActive(): readonly string[];
}

interface Entry {
  /** Undefined once a byte was missed. */
  hash: Hash | undefined;
  position: number;
  writers: number;
  hasNewBytes: boolean;
  lastUsedAt: number;
}

/** An attempt that was left alone for longer is read again from the store when it ends. */
const IDLE_MS = 6 * 3_600_000;

export function createSourceDigests(): SourceDigests {
  const entries = new Map<string, Entry>();
  return {
    begin(key, offset) {
      const entry = resume(entries.get(key), offset);
      entries.set(key, entry);
      return {
        update(chunk) {
          entry.hash?.update(chunk);
          entry.position += chunk.byteLength;
          entry.hasNewBytes = true;
        },
        end(storedOffset) {
          entry.writers -= 1;
          if (entry.position !== storedOffset) entry.hash = undefined;
        },
      };
    },
    read(key, sizeBytes) {
      const entry = entries.get(key);
      return entry?.position === sizeBytes ? entry.hash?.copy().digest('hex') : undefined;
    },
    forget: (key) => void entries.delete(key),
    isReceiving: (key) => (entries.get(key)?.writers ?? 0) > 0,
    listReceiving: () => [...entries].flatMap(([key, { writers }]) => (writers > 0 ? [key] : [])),
    takeActive() {
      const active: string[] = [];
      for (const [key, entry] of entries) {
        if (entry.hasNewBytes) active.push(key);
        else if (entry.writers === 0 && Date.now() - entry.lastUsedAt > IDLE_MS) entries.delete(key);
        entry.hasNewBytes = false;
      }
      return active;
    },
  };
}

function resume(known: Entry | undefined, offset: number): Entry {
  const entry =
    known?.position === offset
      ? known
      : {
          hash: offset === 0 ? createHash('sha256') : undefined,
          position: offset,
          writers: known?.writers ?? 0,
          hasNewBytes: false,
          lastUsedAt: 0,
        };
  entry.writers += 1;
  entry.lastUsedAt = Date.now();
  return entry;
}

/** Hex SHA-256 of a stored object, read through once; undefined when it is absent. */
export async function hashStoredObject(store: ObjectStore, key: string): Promise<string | undefined> {
  const object = await store.get(key);
  if (object === undefined) return undefined;
  const hash = createHash('sha256');
  for await (const chunk of object.body) hash.update(chunk);
  return hash.digest('hex');
}
