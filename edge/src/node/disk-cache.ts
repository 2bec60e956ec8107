import { type FileHandle, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { ObjectInfo } from '@mediaflow/shared/object-store';
import type { Bytes } from '@mediaflow/shared/signed';
import { discardBody, exactBody, fixLength, readWhole } from '../object-body.ts';
import type { MediaCache, ReadableObject } from '../ports.ts';
import { Recent } from '../recent.ts';
import { CACHE_HEADER_BYTES, cacheFileName, parseHeader, stringifyHeader } from './cache-file.ts';
import { type CacheSpace, draftPath } from './cache-space.ts';

export interface DiskCacheOptions {
  readonly directory: string;
  readonly space: CacheSpace;
  readonly memoryBytes: number;
  /** Objects up to this size are read, kept and sent in one piece; a segment of 4 s at 30 Mbit/s has 15 MB. */
  readonly wholeBytes?: number;
}

/** A folder within its limit under a bounded part of the memory. Whatever the disk does, the worst that follows is a miss. */
export function createDiskCache({ directory, space, memoryBytes, wholeBytes = 16_000_000 }: DiskCacheOptions): MediaCache {
  /** The most asked for, in one piece each. */
  const memory = new Recent<WholeObject>(memoryBytes);
  // The header of a file read in one piece hangs on to the same memory.
  const keepInMemory = (key: string, object: WholeObject): void => memory.set(key, object, object.body.buffer.byteLength);
  /** However many ask for a file at the same time, it is read and held once. */
  const reads = new Map<string, Promise<ReadableObject | undefined>>();

  const readFile = async (key: string): Promise<ReadableObject | undefined> => {
    const name = cacheFileName(key);
    const file = await open(join(directory, name)).catch(() => undefined);
    if (file === undefined) return undefined;
    const object = await readObject(file, key, wholeBytes).catch(() => undefined);
    // The stream closes it otherwise.
    if (object === undefined || isWhole(object)) await file.close();
    if (object === undefined) space.remove(name);
    else space.touch(name);
    return object;
  };

  const writeFile = async (key: string, object: ReadableObject): Promise<void> => {
    const header = stringifyHeader({ key, ...object });
    const name = cacheFileName(key);
    if (header === undefined || !(await space.reserve(name, header.length + object.sizeBytes))) return discardBody(object.body);
    const draft = draftPath(directory);
    try {
      await writeDraft(draft, header, object);
      await mkdir(dirname(join(directory, name)), { recursive: true });
      await rename(draft, join(directory, name));
      space.commit(name);
    } catch (error) {
      space.remove(name);
      await unlink(draft).catch(() => undefined);
      throw error;
    }
  };

  return {
    async match(key) {
      const hot = memory.get(key);
      if (hot !== undefined) return hot;
      const running = reads.get(key);
      const joined = await running;
      // A stream is for one reader only.
      if (joined !== undefined && isWhole(joined)) return joined;
      const read = readFile(key).finally(() => reads.delete(key));
      if (running === undefined) reads.set(key, read);
      const object = await read;
      if (object !== undefined && isWhole(object)) keepInMemory(key, object);
      return object;
    },

    async put(key, { sizeBytes, etag, body }) {
      try {
        const kept = { sizeBytes, etag, body: sizeBytes <= wholeBytes ? await readWhole(body, sizeBytes) : body };
        if (isWhole(kept)) keepInMemory(key, kept);
        await writeFile(key, kept);
      } catch {
        // A body that broke off, a full or a failing disk: not kept, and read from the store again.
      }
    },
  };
}

interface WholeObject extends ObjectInfo {
  readonly body: Bytes;
}

const isWhole = (object: ReadableObject): object is WholeObject => object.body instanceof Uint8Array;

async function readObject(file: FileHandle, key: string, wholeBytes: number): Promise<ReadableObject | undefined> {
  const { size } = await file.stat();
  const isSmall = size <= CACHE_HEADER_BYTES + wholeBytes;
  const bytes = await readStart(file, isSmall ? size : CACHE_HEADER_BYTES);
  const info = parseHeader(bytes, key, size);
  if (info === undefined) return undefined;
  return { ...info, body: isSmall ? bytes.subarray(CACHE_HEADER_BYTES) : fixLength(streamBody(file, info), info.sizeBytes) };
}

async function readStart(file: FileHandle, length: number): Promise<Bytes> {
  // Not from Node's pool, a small piece of which would hold all of it.
  const bytes = new Uint8Array(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, filled);
    if (bytesRead === 0) throw new Error('The file ended early.');
    filled += bytesRead;
  }
  return bytes;
}

function streamBody(file: FileHandle, { sizeBytes }: ObjectInfo): ReadableStream<Uint8Array> {
  const stream = file.createReadStream({ start: CACHE_HEADER_BYTES, end: CACHE_HEADER_BYTES + sizeBytes - 1, highWaterMark: 1 << 18 });
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
}

async function writeDraft(path: string, header: Uint8Array, { body, sizeBytes }: ReadableObject): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(header);
    await file.writeFile(exactBody(body, sizeBytes));
  } finally {
    await file.close();
  }
}
