import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import { isErrno } from '../files/private-file.ts';

export interface SourceFile {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** Throws `not_found` or `invalid_parameters` with a sentence that names the path. */
export async function openSourceFile(path: string, cwd: string): Promise<SourceFile> {
  const absolute = resolve(cwd, path);
  const stats = await stat(absolute).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) throw new AppError('not_found', `There is no file ${absolute}.`);
    throw error;
  });
  if (stats.isDirectory()) throw new AppError('invalid_parameters', `${absolute} is a folder; name a file in it.`);
  if (!stats.isFile()) throw new AppError('invalid_parameters', `${absolute} is no regular file.`);
  return { path: absolute, name: basename(absolute), sizeBytes: stats.size, modifiedMs: Math.floor(stats.mtimeMs) };
}
