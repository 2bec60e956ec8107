import type { FileHandle } from 'node:fs/promises';
import { readAt } from '../read-at.ts';
import type { Box } from './boxes.ts';

/** Version and flags stand before it (ISO/IEC 14496-12, 8.16.3.2). */
const REFERENCE_ID_OFFSET = 4;

/**
 * Ids of the tracks that an index of fragments (`sidx`) tells of.
 *
 * @param boxes of the file
 */
export async function readIndexedTracks(file: FileHandle, boxes: readonly Box[]): Promise<ReadonlySet<number>> {
  const ids = new Set<number>();
  for (const { offset, headerBytes } of boxes.filter(({ type }) => type === 'sidx')) {
    const id = await readAt(file, offset + headerBytes + REFERENCE_ID_OFFSET, 4);
    if (id.length === 4) ids.add(id.readUInt32BE());
  }
  return ids;
}
