import type { ObjectInfo } from '@mediaflow/shared/object-store';
import type { Bytes } from '@mediaflow/shared/signed';
import { fixLength } from './object-body.ts';
import type { MediaCache } from './ports.ts';

/** Entries are complete and immutable, so the cache itself may keep them as long as it likes. */
const STORED_CACHE_CONTROL = 'public, max-age=31536000, immutable';
/**
 * Up to a few chunks of the network a body is read in one piece: counting it as a stream takes more CPU than all else that the edge
 * does for a cached 10 KB object (docs/performance.md).
 */
const PIECE_BYTES = 65_536;

/** The data centre's cache of a Worker (`caches.default`). */
export function createCacheApiCache(cache: Pick<Cache, 'match' | 'put'>): MediaCache {
  return {
    async match(key) {
      // A cache that fails is a cache that has nothing.
      const response = await cache.match(cacheUrl(key)).catch(() => undefined);
      if (!response?.body) return undefined;
      const { headers } = response;
      const sizeBytes = Number(headers.get('content-length'));
      const body = sizeBytes <= PIECE_BYTES ? await readPiece(response, sizeBytes) : response.body;
      return body && { body, sizeBytes, etag: headers.get('etag') ?? '' };
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

/** Undefined for what is not all of it: the emulator keeps the beginning of a body whose source broke off. */
async function readPiece(response: Response, sizeBytes: number): Promise<Bytes | undefined> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  return bytes.length === sizeBytes ? bytes : undefined;
}

const storedHeaders = ({ sizeBytes, etag }: ObjectInfo): Headers =>
  new Headers({ 'cache-control': STORED_CACHE_CONTROL, 'content-length': String(sizeBytes), etag });
