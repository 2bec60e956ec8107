import { expect, it } from 'vitest';
import { createCacheApiCache } from './cache-api.ts';

const entry = (bytes: number, statedBytes: number): Response =>
  new Response(new Uint8Array(bytes), { headers: { 'content-length': String(statedBytes), etag: '"e"' } });

const cacheOf = (match: () => Promise<Response | undefined>) => createCacheApiCache({ match, put: async () => undefined });

it('gives a small object in one piece', async () => {
  const object = await cacheOf(async () => entry(3_000, 3_000)).match('key');
  expect(object).toEqual({ body: new Uint8Array(3_000), sizeBytes: 3_000, etag: '"e"' });
});

it.each([
  ['the beginning of an object', async () => entry(1_000, 3_000)],
  ['nothing', async () => undefined],
  ['an error', () => Promise.reject(new Error('the cache is away'))],
])('has nothing where the cache gives %s', async (_, match) => {
  expect(await cacheOf(match).match('key')).toBeUndefined();
});

it('gives a large object as a stream', async () => {
  const object = await cacheOf(async () => entry(100_000, 100_000)).match('key');
  expect(object?.body).toBeInstanceOf(ReadableStream);
  expect(object?.sizeBytes).toBe(100_000);
});
