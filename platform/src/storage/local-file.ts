import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';

/** `write` gets a path beside `path` and what it leaves there takes `path`'s name, so that nobody sees half a file. */
export async function writeWhole(path: string, write: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString('hex')}.part`;
  await translated(mkdir(dirname(path), { recursive: true }));
  try {
    await write(draft);
    await translated(rename(draft, path));
  } finally {
    // Not superfluous after a rename: between two hard links of one file it does nothing (POSIX).
    await rm(draft, { force: true });
  }
}

/** Writes and flushes a new file. An error of the chunks comes out as it is, one of the disk as `unavailable`. */
export async function writeChunks(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await translated(open(path, 'wx'));
  try {
    for await (const chunk of chunks) await translated(file.writeFile(chunk));
    await translated(file.sync());
  } finally {
    await file.close();
  }
}

/**
 * Before a long write whose end is known: a disk filled to its last byte stops whoever else writes to it.
 *
 * @throws AppError `unavailable`, as when the disk itself says that it is full
 */
export async function assertRoom(directory: string, sizeBytes: number): Promise<void> {
  const { bavail, bsize } = await translated(statfs(directory));
  const freeBytes = bavail * bsize;
  if (freeBytes >= sizeBytes) return;
  const message = `${sizeBytes} bytes do not fit into the ${freeBytes} that are free in ${directory}`;
  throw toStoreError(Object.assign(new Error(message), { code: 'ENOSPC', syscall: 'statfs' }));
}

/** Makes a rename survive a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

export function hasErrno(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/** For `catch`: undefined for these errors, anything else is thrown again. */
export function ignoreErrno(...codes: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (!hasErrno(error, ...codes)) throw error;
    return undefined;
  };
}

/** A disk that does not do what it is told is an outage: the caller may try again later. Other errors are returned as they are. */
export function toStoreError(error: unknown): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error;
  const message = hasErrno(error, 'ENOSPC', 'EDQUOT', 'EFBIG') ? 'There is no space left for the object.' : 'The object folder failed.';
  return new AppError('unavailable', message, { cause: error });
}

/** The promise's value; a failure of the disk becomes `unavailable`. */
export async function translated<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toStoreError(error);
  }
}
