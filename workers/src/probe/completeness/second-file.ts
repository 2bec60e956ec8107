import type { FileHandle } from 'node:fs/promises';
import type { Warning } from '@mediaflow/shared/source';
import type { MovFile } from '../mov/boxes.ts';
import { readAt } from '../read-at.ts';
import type { SniffedFile } from '../sniffed-file.ts';
import { declaredBytes } from './declared-size.ts';

const EBML_ID_BYTES = 4;

/** Whether a second file of the same kind stands behind the first, as `cat` leaves it: ffmpeg plays the first alone, and says nothing. */
export async function checkSecondFile({ file, demuxer, head, mov }: SniffedFile): Promise<readonly Warning[]> {
  if (mov !== undefined) return hasTwoIndexes(mov) ? [SECOND_FILE] : [];
  if (demuxer === 'matroska') return (await hasTwoHeaders(file, head)) ? [SECOND_FILE] : [];
  return [];
}

/** Fragments may come with the index again, and play on. */
function hasTwoIndexes({ boxes }: MovFile): boolean {
  const types = boxes.map(({ type }) => type);
  return types.indexOf('moov') !== types.lastIndexOf('moov') && !types.includes('moof');
}

async function hasTwoHeaders(file: FileHandle, head: Buffer): Promise<boolean> {
  const endOffset = declaredBytes('matroska', head);
  return endOffset !== undefined && (await readAt(file, endOffset, EBML_ID_BYTES)).equals(head.subarray(0, EBML_ID_BYTES));
}

const SECOND_FILE: Warning = {
  type: 'joined',
  message: 'The file consists of several files, one behind the other: only the first is played.',
};
