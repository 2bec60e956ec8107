import type { FileHandle } from 'node:fs/promises';
import { AppError } from '@mediaflow/shared/errors';
import { fileTypeFromFile } from 'file-type';
import { type MovFile, readMovFile } from './mov/boxes.ts';
import { readAt } from './read-at.ts';
import { chooseDemuxer } from './sniff.ts';

const HEAD_BYTES = 16_384;

/** An open file whose format is known. */
export interface SniffedFile {
  readonly file: FileHandle;
  readonly sizeBytes: number;
  readonly demuxer: string;
  /** Its first bytes. */
  readonly head: Buffer;
  /** Of MP4 and QuickTime. */
  readonly mov: MovFile | undefined;
}

/** @throws AppError `empty_source`, `not_media`, `unsupported_container` */
export async function sniffFile(path: string, file: FileHandle): Promise<SniffedFile> {
  const { size: sizeBytes } = await file.stat();
  if (sizeBytes === 0) throw new AppError('empty_source', 'The file is empty.');
  const head = await readAt(file, 0, HEAD_BYTES);
  const demuxer = chooseDemuxer((await fileTypeFromFile(path))?.mime, head);
  return { file, sizeBytes, demuxer, head, mov: demuxer === 'mov' ? await readMovFile(file) : undefined };
}
