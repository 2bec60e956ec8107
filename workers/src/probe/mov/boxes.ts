import type { FileHandle } from 'node:fs/promises';

/** A box of an ISO base media file (ISO/IEC 14496-12, 4.2). Offsets and sizes in bytes of the file. */
export interface Box {
  readonly type: string;
  readonly offset: number;
  readonly headerBytes: number;
  /** Header included; as the box says, so it may reach past the end of a file that was cut. */
  readonly sizeBytes: number;
}

/** An MP4 or QuickTime file with its boxes: there may be tens of thousands on the first level, so they are read once. */
export interface MovFile {
  readonly file: FileHandle;
  readonly sizeBytes: number;
  readonly boxes: readonly Box[];
}

export async function readMovFile(file: FileHandle): Promise<MovFile> {
  const { size: sizeBytes } = await file.stat();
  return { file, sizeBytes, boxes: await readBoxes(file, 0, sizeBytes) };
}

/** More boxes than any honest file has on one level; fragmented recordings of many hours come near 100 000. */
const MAX_BOXES = 500_000;
const MAX_HEADER_BYTES = 16;
/** Small boxes stand side by side: to read each header by itself takes 130,000 of them 3 s and more. */
const READ_BYTES = 4_096;

/** The boxes that begin between two offsets, up to the first bytes that are no box at all: cameras pad with zeros. */
export async function readBoxes(file: FileHandle, start: number, end: number): Promise<readonly Box[]> {
  const boxes: Box[] = [];
  const readHeader = createHeaderReader(file);
  for (let offset = start; offset + 8 <= end && boxes.length < MAX_BOXES; ) {
    const box = parseBoxHeader(await readHeader(offset), offset, end);
    if (box === undefined) break;
    boxes.push(box);
    offset += box.sizeBytes;
  }
  return boxes;
}

/**
 * The boxes at a path, as `['moov', 'trak', 'mdia']`, below a list of boxes.
 *
 * @param end of what holds them. A box that says it reaches further is taken to end there: else each of many could have all that
 *   follow it for its own, and a file of a megabyte would be read for hours
 */
export async function readBoxesAt(file: FileHandle, boxes: readonly Box[], end: number, path: readonly string[]): Promise<readonly Box[]> {
  const [type, ...rest] = path;
  const found = boxes.filter((box) => box.type === type).map((box) => ({ ...box, sizeBytes: Math.min(box.sizeBytes, end - box.offset) }));
  if (rest.length === 0) return found;
  const below: (readonly Box[])[] = [];
  for (const { offset, headerBytes, sizeBytes } of found) {
    const boxEnd = offset + sizeBytes;
    below.push(await readBoxesAt(file, await readBoxes(file, offset + headerBytes, boxEnd), boxEnd, rest));
  }
  return below.flat();
}

/** The bytes at an offset in which a header has room; fewer at the end of the file. */
function createHeaderReader(file: FileHandle): (offset: number) => Promise<Buffer> {
  const buffer = Buffer.alloc(READ_BYTES);
  let read = { offset: 0, sizeBytes: 0 };
  return async (offset) => {
    if (offset < read.offset || offset + MAX_HEADER_BYTES > read.offset + read.sizeBytes) {
      const { bytesRead } = await file.read(buffer, 0, READ_BYTES, offset);
      read = { offset, sizeBytes: bytesRead };
    }
    const at = offset - read.offset;
    return buffer.subarray(at, Math.min(at + MAX_HEADER_BYTES, read.sizeBytes));
  };
}

/** Size 1 is followed by 64 bits, size 0 reaches to the end of what holds the box. */
function parseBoxHeader(header: Buffer, offset: number, end: number): Box | undefined {
  if (header.length < 8) return undefined;
  const type = header.toString('latin1', 4, 8);
  if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) return undefined;
  const size = header.readUInt32BE(0);
  if (size === 0) return { type, offset, headerBytes: 8, sizeBytes: end - offset };
  if (size === 1 && header.length === MAX_HEADER_BYTES) {
    const sizeBytes = Math.max(MAX_HEADER_BYTES, Number(header.readBigUInt64BE(8)));
    return { type, offset, headerBytes: MAX_HEADER_BYTES, sizeBytes };
  }
  return size < 8 ? undefined : { type, offset, headerBytes: 8, sizeBytes: size };
}
