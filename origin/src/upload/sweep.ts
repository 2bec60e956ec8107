import { Readable } from 'node:stream';
import type { Log } from '@mediaflow/platform/log';
import { AppError } from '@mediaflow/shared/errors';
import type { UploadId } from '@mediaflow/shared/ids';
import type { Db, UploadRow } from '../db/schema.ts';
import { clearAttempt, expireUploads, findUploadsToDiscard, findUploadsToSweep, markSwept, touchUploads } from '../db/uploads.ts';
import { type DiscardPorts, discardUpload } from './discard.ts';
import { parseSourceKey, type SourceAttempt, toSourceKey } from './path.ts';

export interface SweepOptions extends DiscardPorts {
  readonly db: Db;
  readonly log: Log;
  /** Makes the asset of a complete upload. */
  finish(source: SourceAttempt, sizeBytes: number): Promise<void>;
}

const BATCH = 100;

/**
 * Puts right what a crash, a lost answer or a patient client left behind. Every part may run in several origins at once.
 * The stores' own `deleteExpired` is never used: it deletes finished files.
 */
export async function sweepUploads(options: SweepOptions): Promise<void> {
  const { db, digests } = options;
  await touchUploads(db, digests.takeActive().flatMap(uploadIdOf));
  await expireUploads(db);
  await forEachUpload(options, await findUploadsToDiscard(db, BATCH), discard);
  const receiving = digests.listReceiving().flatMap(uploadIdOf);
  await forEachUpload(options, await findUploadsToSweep(db, receiving, BATCH), finishIfComplete);
}

const uploadIdOf = (key: string): UploadId | [] => parseSourceKey(key)?.uploadId ?? [];

async function discard(options: SweepOptions, source: SourceAttempt): Promise<void> {
  await discardUpload(options, source);
  await clearAttempt(options.db, source.uploadId, source.attempt);
}

/** Finishes an upload whose last byte came in and whose transaction did not. */
async function finishIfComplete(options: SweepOptions, source: SourceAttempt): Promise<void> {
  const { db, digests } = options;
  const key = toSourceKey(source);
  if (digests.isReceiving(key)) return;
  const lookedAt = new Date();
  const sizeBytes = await findCompleteSize(options, key);
  if (sizeBytes === undefined) return markSwept(db, source.uploadId, lookedAt);
  await options.finish(source, sizeBytes);
  options.log.info({ uploadId: source.uploadId }, 'upload finished by the sweeper');
}

/** Bytes of a complete object, or undefined. */
async function findCompleteSize({ uploads, store, locker }: SweepOptions, key: string): Promise<number | undefined> {
  return locker.withFreeLock(key, async () => {
    const upload = await uploads.getUpload(key).catch(() => undefined);
    if (upload?.size === undefined || upload.offset !== upload.size) return undefined;
    if (upload.size === 0) return 0;
    if ((await store.head(key))?.sizeBytes === upload.size) return upload.size;
    // S3 has all parts but was never told, or failed, to put them together; an empty write does that.
    await uploads.write(Readable.from([]), key, upload.size);
    return (await store.head(key))?.sizeBytes === upload.size ? upload.size : undefined;
  });
}

type Step = (options: SweepOptions, source: SourceAttempt) => Promise<void>;

/** One upload's trouble does not stop the others. */
async function forEachUpload(options: SweepOptions, rows: readonly UploadRow[], step: Step): Promise<void> {
  for (const { id, attempt } of rows) {
    if (attempt === null) continue;
    await step(options, { uploadId: id, attempt }).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'gone') return;
      options.log.warn({ err: error, uploadId: id }, 'upload not swept');
    });
  }
}
