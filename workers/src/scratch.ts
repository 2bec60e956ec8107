import { statfs } from 'node:fs/promises';
import { AppError } from '@mediaflow/shared/errors';

/** The disk below the scratch folder. */
export interface Scratch {
  freeBytes(): Promise<number>;
  /** @throws AppError `scratch_full`, with the reason, while less than the least is free */
  assertSpace(): Promise<void>;
}

export function createScratch(directory: string, minFreeBytes: number): Scratch {
  const freeBytes = async (): Promise<number> => {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  };
  return {
    freeBytes,
    async assertSpace() {
      const free = await freeBytes();
      if (free >= minFreeBytes) return;
      throw new AppError('scratch_full', `The scratch folder has ${toMegabytes(free)} MB left and needs ${toMegabytes(minFreeBytes)} MB.`);
    },
  };
}

const toMegabytes = (bytes: number): number => Math.floor(bytes / 1e6);

/** Pure. Whether an error is, or was caused by, a disk or a quota that is full. */
export function isFullDisk(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')) return true;
  }
  return false;
}

/** Not the video's fault: another attempt, or another worker, may have room. */
export const scratchFull = (cause: unknown, details: Readonly<Record<string, unknown>> = {}): AppError =>
  new AppError('scratch_full', 'The scratch folder of the worker is full.', { cause, details });
