import type { Upload } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';

const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 4_000;

/**
 * Asks until the server has made an asset of the finished upload. It normally has when the last byte is answered; after
 * a crash at that moment a sweeper does it some seconds later, so an outage here is waited out. Throws AppError when the
 * upload ended in another way.
 */
export async function waitForAsset(uploadId: string, read: (uploadId: string) => Promise<Upload>): Promise<string> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(MAX_WAIT_MS, waitMs * 1.5)) {
    const upload = await read(uploadId).catch((error: unknown) => {
      if (error instanceof AppError && error.isRetryable) return undefined;
      throw error;
    });
    if (upload?.asset_id !== undefined) return upload.asset_id;
    if (upload !== undefined && upload.status !== 'waiting' && upload.status !== 'asset_created') {
      throw new AppError('gone', upload.error?.message ?? ENDINGS[upload.status]);
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

const ENDINGS = {
  errored: 'The server could not use this upload.',
  cancelled: 'This upload was cancelled.',
  timed_out: 'This upload was left alone for too long and was closed.',
} as const;
