import { exactBody, fixLength, readWhole } from './object-body.ts';
import { CACHE_HEADER, objectHeaders } from './object-response.ts';
import type { CachedObject, MediaCache } from './ports.ts';

/** Entries are complete and immutable, so the cache itself may keep them as long as it likes. */
const STORED_CACHE_CONTROL = 'public, max-age=31536000, immutable';
/**
 * Up to this size an object is complete before it enters the cache, and is given out as it lies there: counting a body takes more CPU
 * than all else that the edge does for a cached 10 KB object (docs/performance.md).
 */
const PIECE_BYTES = 65_536;

/** The data centre's cache of a Worker (`caches.default`). */
export function createCacheApiCache(cache: Pick<Cache, 'match' | 'put' | 'delete'>): MediaCache {
  return {
    // A cache that fails is a cache that has nothing.
    match: (key) => cache.match(cacheUrl(key)).then(toCachedObject, () => undefined),
    async put(key, { body, ...info }, contentType) {
      const url = cacheUrl(key);
      try {
        const whole = info.sizeBytes <= PIECE_BYTES ? await readWhole(body, info.sizeBytes) : body;
        const headers = {
          ...objectHeaders({ status: 200 }, contentType, info),
          [CACHE_HEADER]: 'hit',
          'cache-control': STORED_CACHE_CONTROL,
        };
        await cache.put(url, new Response(exactBody(whole, info.sizeBytes), { headers }));
      } catch {
        // The emulator was seen to keep the beginning of a body that broke off.
        await cache.delete(url).catch(() => undefined);
      }
    },
  };
}

function toCachedObject(response: Response | undefined): CachedObject | undefined {
  if (!response?.body) return undefined;
  const { body, headers } = response;
  const sizeBytes = Number(headers.get('content-length'));
  return { body: sizeBytes <= PIECE_BYTES ? body : fixLength(body, sizeBytes), sizeBytes, etag: headers.get('etag') ?? '', headers };
}

/**
 * Made from the object's key and nothing else: neither token nor session nor query is in it, so media is cached once whatever
 * the number of viewers, and no request can choose what another one reads. `v2` stands for the headers that entries come with
 * (`objectHeaders`): with others there must be another number, or a year-old entry is answered with its own.
 */
export const cacheUrl = (key: string): string => `https://media.mediaflow.internal/v2/${key}`;
