import { AppError } from '@mediaflow/shared/errors';
import type { UploadRow } from '../db/schema.ts';

export interface UploadRequest {
  readonly method: string;
  /** The attempt that the path names. */
  readonly attempt?: string;
}

/** `create` starts a new attempt; `use` goes on to the attempt of the path; `preflight` touches nothing. */
export type UploadAccess = 'create' | 'use' | 'preflight';

type UploadState = Pick<UploadRow, 'status' | 'attempt'>;

const ENDED = {
  asset_created: 'This upload is complete. Create a new upload for another file.',
  cancelled: 'This upload was cancelled.',
  timed_out: 'This upload timed out. Create a new one.',
} as const;

/**
 * The one place that says whether a request may touch an upload. The grant was verified before; `upload` is the row it
 * names. Nobody reads a source through the upload host.
 * @throws AppError
 */
export function decideUploadAccess({ method, attempt }: UploadRequest, upload: UploadState | undefined): UploadAccess {
  if (method === 'OPTIONS') return 'preflight';
  if (upload === undefined) throw new AppError('not_found', 'There is no such upload.');
  if (attempt === undefined) {
    if (method !== 'POST') throw new AppError('method_not_allowed', 'Only POST (TUS creation) is answered here.');
    refuseEnded(upload);
    return 'create';
  }
  if (method !== 'HEAD' && method !== 'PATCH' && method !== 'DELETE') {
    throw new AppError('method_not_allowed', 'Only HEAD, PATCH and DELETE (TUS 1.0) are answered here.');
  }
  if (upload.attempt !== attempt) throw new AppError('gone', 'These bytes were given up for a newer attempt of the same upload.');
  // A client that lost the last answer asks by HEAD whether it is done.
  if (method === 'HEAD' && upload.status === 'asset_created') return 'use';
  refuseEnded(upload);
  return 'use';
}

function refuseEnded({ status }: UploadState): void {
  if (status === 'waiting') return;
  throw new AppError(status === 'asset_created' ? 'forbidden' : 'gone', ENDED[status]);
}
