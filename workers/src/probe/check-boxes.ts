import { open } from 'node:fs/promises';
import { AppError } from '@mediaflow/shared/errors';

/** A top-level box of an ISO base media file. */
export interface TopLevelBox {
  readonly type: string;
  readonly offset: number;
  /** As the box says; may reach past the end of a file that was cut. */
  readonly sizeBytes: number;
}

/** More top-level boxes than any honest file has; fragmented recordings of many hours come near 100 000. */
const MAX_BOXES = 500_000;
const HEADER_BYTES = 16;

/**
 * An MP4 or QuickTime file that was cut plays up to the cut, and ffmpeg calls that a success. Its own box sizes tell.
 *
 * @throws AppError `truncated`
 */
export async function checkBoxes(path: string, sizeBytes: number): Promise<void> {
  const problem = findTruncation(await readTopLevelBoxes(path, sizeBytes), sizeBytes);
  if (problem !== undefined) throw new AppError('truncated', problem);
}

/** A sentence about what is missing, or undefined when every box is whole and there is a `moov`. */
export function findTruncation(boxes: readonly TopLevelBox[], sizeBytes: number): string | undefined {
  const last = boxes.at(-1);
  const missingBytes = last === undefined ? 0 : last.offset + last.sizeBytes - sizeBytes;
  if (missingBytes > 0) return `The file ends too early: its last ${stringifySize(missingBytes)} are missing. Upload it again.`;
  if (!boxes.some(({ type }) => type === 'moov')) return 'The file ends too early: its index is missing. Upload it again.';
  return undefined;
}

async function readTopLevelBoxes(path: string, fileSizeBytes: number): Promise<readonly TopLevelBox[]> {
  const boxes: TopLevelBox[] = [];
  const file = await open(path, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    for (let offset = 0; offset + 8 <= fileSizeBytes && boxes.length < MAX_BOXES; ) {
      const { bytesRead } = await file.read(header, 0, HEADER_BYTES, offset);
      const box = parseBoxHeader(header.subarray(0, bytesRead), offset, fileSizeBytes);
      // Bytes after the last box that are no box at all: cameras pad with zeros.
      if (box === undefined) break;
      boxes.push(box);
      offset += box.sizeBytes;
    }
  } finally {
    await file.close();
  }
  return boxes;
}

/** ISO/IEC 14496-12, 4.2: size 1 is followed by 64 bits, size 0 reaches to the end of the file. */
function parseBoxHeader(header: Buffer, offset: number, fileSizeBytes: number): TopLevelBox | undefined {
  if (header.length < 8) return undefined;
  const type = header.toString('latin1', 4, 8);
  if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) return undefined;
  const size = header.readUInt32BE(0);
  if (size === 0) return { type, offset, sizeBytes: fileSizeBytes - offset };
  if (size === 1 && header.length === HEADER_BYTES)
    return { type, offset, sizeBytes: Math.max(HEADER_BYTES, Number(header.readBigUInt64BE(8))) };
  return size < 8 ? undefined : { type, offset, sizeBytes: size };
}

function stringifySize(bytes: number): string {
  if (bytes < 10_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
