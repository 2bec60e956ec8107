import type { ObjectReader } from '../ports.ts';
import { PassingFault, type RetryOptions, withDeadline, withRetries } from './retry.ts';
import { unavailable } from './unavailable.ts';

/** Until the object's head; its bytes may take as long as they like. */
const TIMEOUT_MS = 5_000;

/**
 * R2's own codes for what another attempt will not change (developers.cloudflare.com/r2/api/error-codes): no such bucket, not
 * allowed, not enabled, a bad name or range.
 */
const LASTING_CODES = new Set([10002, 10003, 10004, 10005, 10006, 10015, 10020, 10025, 10026, 10029, 10039, 10042]);

/** Media straight from the bound bucket. R2 answers an absent key with null, so whatever it throws is an outage. */
export function createR2Reader(bucket: Pick<R2Bucket, 'head' | 'get'>, retry?: RetryOptions): ObjectReader {
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    const attempt = (): Promise<T> => withDeadline(question().catch(classify), TIMEOUT_MS);
    return await withRetries(attempt, retry).catch((cause: unknown) => {
      throw unavailable(cause);
    });
  };
  return {
    name: 'r2',
    async head(key) {
      const object = await ask(() => bucket.head(key));
      return object === null ? undefined : { sizeBytes: object.size, etag: object.httpEtag };
    },
    async get(key, range) {
      const options = range && { range: { offset: range.first, length: range.last - range.first + 1 } };
      const object = await ask(() => bucket.get(key, options));
      return object === null ? undefined : { body: object.body, sizeBytes: object.size, etag: object.httpEtag };
    },
  };
}

/** Messages end in R2's code: `get: The requested range is not satisfiable (10039)`. */
function classify(cause: unknown): never {
  const code = /\((\d{5})\)\s*$/.exec(cause instanceof Error ? cause.message : '')?.[1];
  if (code !== undefined && LASTING_CODES.has(Number(code))) throw cause;
  throw new PassingFault('R2 did not answer', { cause });
}
