import { mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { MediaCache, ReadableObject } from '../ports.ts';
import { fill } from '../testing/edge.ts';
import { CACHE_HEADER_BYTES, cacheFileName } from './cache-file.ts';
import { type CacheSpace, draftPath, openCacheSpace, removeDrafts } from './cache-space.ts';
import { createDiskCache } from './disk-cache.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mediaflow-cache-'));
  return () => rm(directory, { recursive: true, force: true });
});

const SIZE = 10_000;
const FILE_BYTES = CACHE_HEADER_BYTES + SIZE;
const key = (number: number): string => `media/x/1/v720/${number}.m4s`;
const file = (number: number): string => join(directory, cacheFileName(key(number)));

/** A cache without memory, so that every answer comes from the disk; `files` fit into it. */
async function openCache(files = 10, wholeBytes = 1_000_000): Promise<{ cache: MediaCache; space: CacheSpace }> {
  const space = await openCacheSpace(directory, files * FILE_BYTES);
  return { cache: createDiskCache({ directory, space, memoryBytes: 0, wholeBytes }), space };
}

const object = (seed: number, sizeBytes = SIZE): ReadableObject => ({ sizeBytes, etag: `"${seed}"`, body: fill(sizeBytes, seed) });

const streamOf = (bytes: Uint8Array, error?: Error): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 1_000) controller.enqueue(bytes.subarray(at, at + 1_000));
      if (error === undefined) controller.close();
      else controller.error(error);
    },
  });

async function read(cache: MediaCache, number: number): Promise<Uint8Array | undefined> {
  const found = await cache.match(key(number));
  return found && new Uint8Array(await new Response(found.body).arrayBuffer());
}

async function listFiles(): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe.each([
  ['in one piece', 1_000_000],
  ['as a stream', 1_000],
])('the cache on disk, reading %s', (_, wholeBytes) => {
  it('gives what was put, with its size and validator', async () => {
    const { cache } = await openCache(10, wholeBytes);
    expect(await cache.match(key(1))).toBeUndefined();
    await cache.put(key(1), { ...object(1), body: streamOf(fill(SIZE, 1)) }, 'video/mp4');
    await cache.put(key(2), object(2), 'video/mp4');
    for (const number of [1, 2]) {
      expect(await cache.match(key(number))).toMatchObject({ sizeBytes: SIZE, etag: `"${number}"` });
      expect(await read(cache, number)).toEqual(fill(SIZE, number));
    }
  });

  it.each([
    ['ends early', streamOf(fill(SIZE - 1, 1))],
    ['is too long', streamOf(fill(SIZE + 1, 1))],
    ['breaks off', streamOf(fill(SIZE, 1), new Error('reset'))],
  ])('keeps nothing of a body that %s', async (_name, body) => {
    const { cache } = await openCache(1, wholeBytes);
    await cache.put(key(1), { ...object(1), body }, 'video/mp4');
    expect(await cache.match(key(1))).toBeUndefined();
    expect(await listFiles()).toEqual([]);
    // The room it would have taken is free again.
    await cache.put(key(2), object(2), 'video/mp4');
    expect(await read(cache, 2)).toEqual(fill(SIZE, 2));
  });

  it('stays within its limit, dropping what was used longest ago, under those who read it', async () => {
    const { cache } = await openCache(3, wholeBytes);
    for (const number of [1, 2, 3]) await cache.put(key(number), object(number), 'video/mp4');
    const [reading] = [await cache.match(key(2)), await read(cache, 1), await read(cache, 3)];
    await cache.put(key(4), object(4), 'video/mp4');
    expect(await listFiles()).toHaveLength(3);
    expect(await cache.match(key(2))).toBeUndefined();
    expect(new Uint8Array(await new Response(reading?.body).arrayBuffer())).toEqual(fill(SIZE, 2));
  });

  it('survives a restart, with whatever limit', async () => {
    const first = (await openCache(10, wholeBytes)).cache;
    for (const number of [1, 2, 3]) {
      await first.put(key(number), object(number), 'video/mp4');
      await utimes(file(number), number, number);
    }
    const second = (await openCache(2, wholeBytes)).cache;
    expect(await listFiles()).toHaveLength(2);
    expect([await read(second, 1), await read(second, 3)]).toEqual([undefined, fill(SIZE, 3)]);
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['shorter', (path) => truncate(path, FILE_BYTES - 1)],
    ['empty', (path) => truncate(path, 0)],
    ['longer', (path) => truncate(path, FILE_BYTES + 1)],
    ['of zeros', (path) => writeFile(path, Buffer.alloc(FILE_BYTES))],
    ['another object’s', async (path) => writeFile(path, await readFile(file(2)))],
    ['gone', (path) => rm(path)],
  ])('takes a file that is %s for a miss, and can be filled again', async (_name, damage) => {
    const { cache } = await openCache(10, wholeBytes);
    for (const number of [1, 2]) await cache.put(key(number), object(number), 'video/mp4');
    await damage(file(1));
    expect(await cache.match(key(1))).toBeUndefined();
    await cache.put(key(1), object(1), 'video/mp4');
    expect(await read(cache, 1)).toEqual(fill(SIZE, 1));
  });
});

it('removes what a killed process was writing', async () => {
  await openCache();
  await writeFile(draftPath(directory), 'half an obj');
  await openCache();
  expect(await listFiles()).toEqual([]);
  await writeFile(draftPath(directory), 'half an obj');
  await removeDrafts(directory, process.pid + 1);
  expect(await listFiles()).toHaveLength(1);
  await removeDrafts(directory, process.pid);
  expect(await listFiles()).toEqual([]);
});

it('leaves alone what is not its own', async () => {
  await writeFile(join(directory, 'README'), 'mine');
  await mkdir(join(directory, 'ab'));
  await writeFile(join(directory, 'ab', 'notes'), 'mine too');
  await openCache(0);
  expect(await listFiles()).toHaveLength(2);
});

it('keeps hot objects in memory when the disk takes none, and never fails', async () => {
  const space: CacheSpace = { reserve: async () => true, commit: vi.fn(), remove: vi.fn(), touch: vi.fn() };
  const cache = createDiskCache({ directory: join(directory, 'no', 'such', 'disk'), space, memoryBytes: 100_000 });
  await cache.put(key(1), object(1), 'video/mp4');
  expect(space.remove).toHaveBeenCalledWith(cacheFileName(key(1)));
  expect(space.commit).not.toHaveBeenCalled();
  expect(await read(cache, 1)).toEqual(fill(SIZE, 1));
  expect(await cache.match(key(2))).toBeUndefined();
});

it('gives every reader the right bytes while all is written, evicted and read at once', async () => {
  const { cache } = await openCache(4);
  const work = Array.from({ length: 400 }, async (_, index) => {
    const number = (index * 7) % 12;
    if (index % 3 === 0) await cache.put(key(number), object(number), 'video/mp4');
    const bytes = await read(cache, number);
    if (bytes !== undefined) expect(bytes).toEqual(fill(SIZE, number));
    return bytes !== undefined;
  });
  expect((await Promise.all(work)).filter(Boolean).length).toBeGreaterThan(0);
  expect((await listFiles()).length).toBeLessThanOrEqual(4);
});
