import { AppError } from '@mediaflow/shared/errors';
import type { ObjectReader } from '../ports.ts';

/** Media straight from the bound bucket. */
export function createR2Reader(bucket: R2Bucket): ObjectReader {
  return {
    async head(key) {
      const object = await bucket.head(key).catch(away);
      return object === null ? undefined : { sizeBytes: object.size, etag: object.httpEtag };
    },
    async get(key) {
      const object = await bucket.get(key).catch(away);
      return object === null ? undefined : { body: object.body, sizeBytes: object.size, etag: object.httpEtag };
    },
  };
}

/** R2 answers an absent key with null, so whatever it throws is an outage. */
function away(cause: unknown): never {
  throw new AppError('unavailable', 'The media store is briefly unavailable; try again.', { cause, retryAfterSeconds: 2 });
}
