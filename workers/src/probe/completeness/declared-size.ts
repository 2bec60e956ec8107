import { parseSegment } from '../matroska/segment.ts';
import type { ReadAt } from '../read-at.ts';

/**
 * How many bytes a file should have by its own first bytes; undefined where the format does not say, or the writer did
 * not know (live recordings). `head` is the file's beginning, some kilobytes.
 */
export function declaredBytes(demuxer: string, head: Buffer): number | undefined {
  switch (demuxer) {
    case 'avi':
    case 'wav':
      return riffBytes(head);
    case 'aiff':
      return head.length < 8 ? undefined : head.readUInt32BE(4) + 8;
    case 'matroska':
      return ebmlBytes(head);
    case 'asf':
      return asfBytes(head);
    default:
      return undefined;
  }
}

/** Writers that cannot go back leave 0 or a size near one of these two. */
const isUnknownRiffSize = (size: number): boolean => size === 0 || size >= 0xffff_f000 || (size >= 0x7fff_f000 && size <= 0x8000_0000);

/** Of an AVI over 1 GB this is the first of several RIFF lists, which is enough to notice half a file. */
function riffBytes(head: Buffer): number | undefined {
  if (head.length < 8 || head.toString('latin1', 0, 4) !== 'RIFF') return undefined;
  const size = head.readUInt32LE(4);
  return isUnknownRiffSize(size) ? undefined : size + 8;
}

function ebmlBytes(head: Buffer): number | undefined {
  const segment = parseSegment(head);
  return segment?.dataBytes === undefined ? undefined : segment.dataOffset + segment.dataBytes;
}

const ASF_FILE_PROPERTIES = Buffer.from('a1dcab8c47a9cf118ee400c00c205365', 'hex');
const ASF_FILE_SIZE_OFFSET = 40;
const ASF_FLAGS_OFFSET = 88;

/** ASF specification, 3.2: file size, not valid in a broadcast. */
function asfBytes(head: Buffer): number | undefined {
  const start = head.indexOf(ASF_FILE_PROPERTIES);
  if (start < 0 || start + ASF_FLAGS_OFFSET + 4 > head.length) return undefined;
  const isBroadcast = (head.readUInt32LE(start + ASF_FLAGS_OFFSET) & 1) === 1;
  const size = Number(head.readBigUInt64LE(start + ASF_FILE_SIZE_OFFSET));
  return isBroadcast || size === 0 ? undefined : size;
}

const FLV_TAG_HEADER_BYTES = 11;
const FLV_TAG_TYPES: ReadonlySet<number> = new Set([8, 9, 18]);

/** Whether a Flash file ends with a whole tag: each is followed by its own length (FLV specification 10.1, E.3). */
export async function endsWithFlvTag(sizeBytes: number, readAt: ReadAt): Promise<boolean> {
  const trailer = await readAt(sizeBytes - 4, 4);
  const tagBytes = trailer.length === 4 ? trailer.readUInt32BE(0) : 0;
  const tag = await readAt(Math.max(0, sizeBytes - 4 - tagBytes), FLV_TAG_HEADER_BYTES);
  if (tag.length < FLV_TAG_HEADER_BYTES) return false;
  return FLV_TAG_TYPES.has(tag.readUInt8(0)) && tag.readUIntBE(1, 3) + FLV_TAG_HEADER_BYTES === tagBytes;
}
