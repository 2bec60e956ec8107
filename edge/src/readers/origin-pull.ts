import { AppError } from '@mediaflow/shared/errors';
import type { ObjectInfo } from '@mediaflow/shared/object-store';
import type { OriginClient } from '../origin-client.ts';
import type { ObjectReader } from '../ports.ts';

/** Media through the origin, for installations whose store the edge cannot reach: a folder, a private S3. */
export function createOriginPullReader(origin: OriginClient): ObjectReader {
  return {
    name: 'origin',
    async head(key) {
      const response = await origin.fetchObject(key, 'HEAD');
      return response.status === 404 ? undefined : readInfo(response);
    },
    async get(key) {
      const response = await origin.fetchObject(key, 'GET');
      if (response.status === 404 || response.body === null) {
        await response.body?.cancel();
        return undefined;
      }
      return { ...readInfo(response), body: response.body };
    },
  };
}

/** Without a length a truncated body could not be told from a whole one. */
function readInfo({ headers }: Response): ObjectInfo {
  const length = headers.get('content-length');
  if (length === null || !/^\d+$/.test(length)) throw new AppError('internal', 'The origin sent an object without its length.');
  return { sizeBytes: Number(length), etag: headers.get('etag') ?? `W/"${length}"` };
}
