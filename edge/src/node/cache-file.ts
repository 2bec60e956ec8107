import { createHash } from 'node:crypto';
import type { ObjectInfo } from '@mediaflow/shared/object-store';

/**
 * A cached object as a file: a header of fixed length (a line of JSON, padded), then the bytes. The header makes the file whole in
 * itself: no index beside it can be lost or contradict it.
 */
export interface CacheFileHeader extends ObjectInfo {
  readonly key: string;
}

export const CACHE_HEADER_BYTES = 1536;

/** Path below the cache's folder. A digest, so that any key is a name and no folder grows beyond what file systems like. */
export function cacheFileName(key: string): string {
  const digest = createHash('sha256').update(key).digest('hex');
  return `${digest.slice(0, 2)}/${digest.slice(2)}`;
}

export const CACHE_FILE_NAME = /^[0-9a-f]{2}\/[0-9a-f]{62}$/;

/** Undefined for an object whose key or validator is too long to be kept. */
export function stringifyHeader({ key, sizeBytes, etag }: CacheFileHeader): Buffer | undefined {
  const line = Buffer.from(JSON.stringify({ key, sizeBytes, etag }));
  if (line.length >= CACHE_HEADER_BYTES) return undefined;
  return Buffer.concat([line, Buffer.alloc(CACHE_HEADER_BYTES - line.length, ' ')]);
}

/** Undefined for a file that is not the whole object of this key. */
export function parseHeader(bytes: Uint8Array, key: string, fileBytes: number): ObjectInfo | undefined {
  const header = parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, CACHE_HEADER_BYTES)).toString());
  if (header?.key !== key || typeof header.sizeBytes !== 'number' || typeof header.etag !== 'string') return undefined;
  return header.sizeBytes === fileBytes - CACHE_HEADER_BYTES ? { sizeBytes: header.sizeBytes, etag: header.etag } : undefined;
}

function parseJson(text: string): Partial<Record<keyof CacheFileHeader, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
