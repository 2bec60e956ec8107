import type { FileHandle } from 'node:fs/promises';
import { readAt } from '../read-at.ts';
import { type ElementHeader, MAX_HEADER_BYTES, parseElementHeader, readElements, readNumber } from './ebml.ts';
import * as ids from './ids.ts';
import { parseSegment } from './segment.ts';

/** What can be read of a file, and how much of each at most: 200 000 cues. */
const MAX_PART_BYTES: ReadonlyMap<number, number> = new Map([
  [ids.SEEK_HEAD, 65_536],
  [ids.INFO, 65_536],
  [ids.TRACKS, 1_048_576],
  [ids.CUES, 4_194_304],
]);
/** Honest files have a dozen elements beside their clusters. */
const MAX_ELEMENTS = 64;
const HEAD_BYTES = 16_384;

/**
 * What the sought elements of the segment hold, each by its ID: found from the first element to the next, up to the first cluster, and where
 * seek heads lead (RFC 9559, 6.3).
 */
export async function readParts(file: FileHandle, sought: readonly number[]): Promise<ReadonlyMap<number, Buffer>> {
  const parts = new Map<number, Buffer>();
  const { size } = await file.stat();
  const segment = parseSegment(await readAt(file, 0, HEAD_BYTES));
  const offsets = new Set(segment && [segment.dataOffset]);
  const visit = (offset: number): void => {
    if (offset < size && offsets.size < MAX_ELEMENTS) offsets.add(offset);
  };
  for (const offset of offsets) {
    const header = await readHeader(file, offset);
    if (segment === undefined || header?.dataBytes === undefined || header.id === ids.CLUSTER) continue;
    const { id, headerBytes, dataBytes } = header;
    visit(offset + headerBytes + dataBytes);
    if (parts.has(id) || dataBytes > (MAX_PART_BYTES.get(id) ?? -1)) continue;
    const data = await readAt(file, offset + headerBytes, dataBytes);
    if (id === ids.SEEK_HEAD) for (const position of readPositions(data)) visit(segment.dataOffset + position);
    else if (data.length === dataBytes) parts.set(id, data);
    if (sought.every((wanted) => parts.has(wanted))) break;
  }
  return parts;
}

const readHeader = async (file: FileHandle, offset: number): Promise<ElementHeader | undefined> =>
  parseElementHeader(await readAt(file, offset, MAX_HEADER_BYTES));

/** Of what can be read, from the beginning of the segment's data. */
function* readPositions(seekHead: Buffer): Generator<number> {
  for (const seek of readElements(seekHead, ids.SEEK)) {
    const position = readNumber(seek, ids.SEEK_POSITION);
    if (position !== undefined && MAX_PART_BYTES.has(readNumber(seek, ids.SEEK_ID) ?? 0)) yield position;
  }
}
