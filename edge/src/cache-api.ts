import type { ObjectInfo } from '@mediaflow/shared/object-store';
import { fixLength } from './object-body.ts';
import type { MediaCache } from './ports.ts';

/** Entries are complete and immutable, so the cache itself may keep them as long as it likes. */
const STORED_CACHE_CONTROL = 'public, max-age=31536000, immutable';

/** The data centre's cache of a Worker (`caches.default`). */
export function createCacheApiCache(cache: Pick<Cache, 'match' | 'put'>): MediaCache {
  return {
    async match(key) {
      const response = await cache.match(cacheUrl(key));
      if (!response?.body) return undefined;
      const { headers, body } = response;
      return { body, sizeBytes: Number(headers.get('content-length')), etag: headers.get('etag') ?? '' };
    },
    async put(key, { body, ...info }) {
      // A body that ends early fails the fixed length and with it the put.
      const whole = body instanceof Uint8Array ? body : fixLength(body, info.sizeBytes);
      await cache.put(cacheUrl(key), new Response(whole, { headers: storedHeaders(info) })).catch(() => undefined);
    },
  };
}

/**
 * Made from the object's key and nothing else: neither token nor session nor query is in it, so media is cached once whatever
 * the number of viewers, and no request can choose what another one reads.
 */
export const cacheUrl = (key: string): string => `https://media.mediaflow.internal/${key}`;

const storedHeaders = ({ sizeBytes, etag }: ObjectInfo): Headers =>
  new Headers({ 'cache-control': STORED_CACHE_CONTROL, 'content-length': String(sizeBytes), etag });
