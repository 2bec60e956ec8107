import type { FileHandle } from 'node:fs/promises';
import type { Warning } from '@mediaflow/shared/source';
import { readBoxes } from '../mov/boxes.ts';
import { readAt } from '../read-at.ts';
import { declaredBytes } from './declared-size.ts';

const EBML_ID_BYTES = 4;

/**
 * Whether a second file of the same kind stands behind the first, as `cat` leaves it: ffmpeg plays the first alone, and says nothing.
 *
 * @param head the file's first bytes
 */
export async function checkSecondFile(file: FileHandle, demuxer: string, head: Buffer, sizeBytes: number): Promise<readonly Warning[]> {
  if (demuxer === 'mov') return (await hasTwoIndexes(file, sizeBytes)) ? [SECOND_FILE] : [];
  if (demuxer === 'matroska') return (await hasTwoHeaders(file, head)) ? [SECOND_FILE] : [];
  return [];
}

/** Fragments may come with the index again, and play on. */
async function hasTwoIndexes(file: FileHandle, sizeBytes: number): Promise<boolean> {
  const types = (await readBoxes(file, 0, sizeBytes)).map(({ type }) => type);
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
