import { AppError } from '@mediaflow/shared/errors';
import type { Db } from '../db/schema.ts';
import { lockUpload, setAttempt } from '../db/uploads.ts';
import type { SourceAttempt } from './path.ts';

/**
 * Makes `source` the upload's current attempt and returns the one it takes the place of.
 * @throws AppError `gone` when the upload ended since the request was let in
 */
export async function beginAttempt(db: Db, source: SourceAttempt, fileName: string | null): Promise<SourceAttempt | undefined> {
  return db.transaction().execute(async (tx) => {
    const upload = await lockUpload(tx, source.uploadId);
    if (upload?.status !== 'waiting') throw new AppError('gone', 'This upload no longer takes bytes.');
    await setAttempt(tx, source.uploadId, source.attempt, fileName);
    return upload.attempt === null ? undefined : { uploadId: source.uploadId, attempt: upload.attempt };
  });
}
