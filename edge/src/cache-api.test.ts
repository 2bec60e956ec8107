import { expect, it } from 'vitest';
import { createCacheApiCache } from './cache-api.ts';
import type { ReadableObject } from './ports.ts';

/** As much of `caches.default` as is used; the real one is behind the tests of the routes in workerd. */
function openCache() {
  const entries = new Map<string, Response>();
  const cache = createCacheApiCache({
    match: async (url) => entries.get(String(url)),
    async put(url, response) {
      entries.set(String(url), new Response(new Uint8Array(1), response));
      const body = await response.arrayBuffer();
      entries.set(String(url), new Response(body, response));
    },
    delete: async (url) => entries.delete(String(url)),
  });
  return { cache, entries };
}

function streamOf(bytes: number): ReadableStream<Uint8Array> {
  return new Response(new Uint8Array(bytes)).body ?? new ReadableStream();
}

const objectOf = (body: ReadableObject['body'], sizeBytes: number): ReadableObject => ({ body, sizeBytes, etag: '"e"' });

it.each([3_000, 100_000])('gives what was put, of %d bytes', async (sizeBytes) => {
  const { cache } = openCache();
  await cache.put('key', objectOf(streamOf(sizeBytes), sizeBytes), 'video/mp4');
  const object = await cache.match('key');
  expect(object).toMatchObject({ sizeBytes, etag: '"e"' });
  expect(await new Response(object?.body).arrayBuffer()).toHaveProperty('byteLength', sizeBytes);
});

it.each([
  ['a small body that ends early', 1_000, 3_000],
  ['a small body that goes on', 3_001, 3_000],
  ['a large body that ends early', 1_000, 100_000],
  ['a large body that goes on', 100_001, 100_000],
])('keeps nothing of %s', async (_, bytes, sizeBytes) => {
  const { cache, entries } = openCache();
  await cache.put('key', objectOf(streamOf(bytes), sizeBytes), 'video/mp4');
  expect(entries.size).toBe(0);
  expect(await cache.match('key')).toBeUndefined();
});

it('has nothing where the cache fails', async () => {
  const failing = () => Promise.reject(new Error('the cache is away'));
  const cache = createCacheApiCache({ match: failing, put: failing, delete: failing });
  await cache.put('key', objectOf(new Uint8Array(3), 3), 'video/mp4');
  expect(await cache.match('key')).toBeUndefined();
});

it('breaks off where a large entry does', async () => {
  const entry = new Response(new Uint8Array(1_000), { headers: { 'content-length': '100000', etag: '"e"' } });
  const { cache } = { cache: createCacheApiCache({ match: async () => entry, put: async () => undefined, delete: async () => true }) };
  const object = await cache.match('key');
  await expect(new Response(object?.body).arrayBuffer()).rejects.toThrow();
});

/** Entries live for a year: whoever changes these headers changes the version in the URL, too. */
it('keeps the headers of an answer with the object, under a URL that names their version', async () => {
  const { cache, entries } = openCache();
  await cache.put('key', objectOf(new Uint8Array(3), 3), 'video/mp4');
  const [[url, response] = []] = entries;
  expect(url).toBe('https://media.mediaflow.internal/v2/key');
  expect(Object.fromEntries(response?.headers ?? [])).toEqual({
    'accept-ranges': 'bytes',
    'access-control-allow-origin': '*',
    'access-control-expose-headers':
      'Content-Length, Content-Range, ETag, Retry-After, Server-Timing, X-MediaFlow-Cache, X-MediaFlow-Session, X-Request-Id',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-length': '3',
    'content-type': 'video/mp4',
    'cross-origin-resource-policy': 'cross-origin',
    etag: '"e"',
    'timing-allow-origin': '*',
    'x-content-type-options': 'nosniff',
    'x-mediaflow-cache': 'hit',
  });
});
