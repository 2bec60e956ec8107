import type { ResolvedRange } from '@mediaflow/shared/byte-range';
import { AppError } from '@mediaflow/shared/errors';
import type { ObjectInfo } from '@mediaflow/shared/object-store';
import type { OriginClient } from '../origin-client.ts';
import type { ObjectReader } from '../ports.ts';
import { sizeOfWhole } from '../range.ts';

/** Media through the origin, for installations whose store the edge cannot reach: a folder, a private S3. */
export function createOriginPullReader(origin: OriginClient): ObjectReader {
  return {
    name: 'origin',
    async head(key) {
      const response = await origin.fetchObject(key, 'HEAD');
      return response.status === 404 ? undefined : readInfo(response);
    },
    async get(key, range) {
      const response = await origin.fetchObject(key, 'GET', range);
      if (response.status === 404 || response.body === null) {
        await response.body?.cancel();
        return undefined;
      }
      return { ...(range === undefined ? readInfo(response) : readPartInfo(response, range)), body: response.body };
    },
  };
}

/** A whole object in place of the part would be cut off as if it were the part. */
function readPartInfo(response: Response, range: ResolvedRange): ObjectInfo {
  const sizeBytes = sizeOfWhole(response, range);
  if (sizeBytes === undefined) throw new AppError('internal', 'The origin sent something else than the part that was asked for.');
  return { sizeBytes, etag: response.headers.get('etag') ?? `W/"${sizeBytes}"` };
}

/** Without a length a truncated body could not be told from a whole one. */
function readInfo({ headers }: Response): ObjectInfo {
  const length = headers.get('content-length');
  if (length === null || !/^\d+$/.test(length)) throw new AppError('internal', 'The origin sent an object without its length.');
  return { sizeBytes: Number(length), etag: headers.get('etag') ?? `W/"${length}"` };
}
