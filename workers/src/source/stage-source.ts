import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { isFullDisk, scratchFull } from '../scratch.ts';

export interface SourceRef {
  readonly sourceKey: string;
  readonly sizeBytes: number;
  /** In hex; sources of before it was recorded have none. */
  readonly sha256?: string | undefined;
}

const READ_CHUNK_BYTES = 1024 * 1024;

/**
 * Makes the source a file at `path`, and sure that it is what was uploaded.
 *
 * @throws AppError `source_missing`, `source_mismatch` (length or SHA-256; a network or a disk may do better next time), `scratch_full`
 */
export async function stageSource(store: ObjectStore, { sourceKey, sizeBytes, sha256 }: SourceRef, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const isThere = await store.stage(sourceKey, path).catch((error: unknown) => {
    throw isFullDisk(error) ? scratchFull(error) : error;
  });
  if (!isThere) throw new AppError('source_missing', 'The uploaded file is no longer stored.');
  const { size, nlink } = await stat(path);
  if (size !== sizeBytes) throw mismatch({ expectedBytes: sizeBytes, actualBytes: size });
  // A hard link is the uploaded file itself; only a copy can differ from it.
  if (sha256 === undefined || nlink > 1) return;
  const actual = await hashFile(path);
  if (actual !== sha256) throw mismatch({ expectedSha256: sha256, actualSha256: actual });
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: READ_CHUNK_BYTES })) hash.update(chunk);
  return hash.digest('hex');
}

const mismatch = (details: Readonly<Record<string, unknown>>): AppError =>
  new AppError('source_mismatch', 'The stored file is not the one that was uploaded.', { details });
