const HEADER_BYTES = 8;
/**
 * What our init segments and segments begin with, and what they then end with. Of what begins otherwise nothing is known, and nothing held
 * against it, but that zeros are the length of no box: a disk that lost power leaves them in the place of what was never written.
 */
const LAST_BOXES: Readonly<Record<string, string>> = { ftyp: 'moov', styp: 'mdat' };

/**
 * What surely holds the headers of all boxes of a segment, and `moof` whole: eight bytes a picture, 240 pictures at most. They stand before
 * the pictures, whose box is the last.
 */
export const STATED_LENGTH_HEAD_BYTES = 8_192;

/**
 * Whether an object is as long as its own boxes say (ISO/IEC 14496-12, 4.2): a disk that was full or lost power, or a copy that
 * broke off, leaves one that is shorter, or lacks its last boxes. `unknown` until `head`, its first bytes, reaches the last header.
 */
export function judgeLength(head: Uint8Array, sizeBytes: number): 'right' | 'wrong' | 'unknown' {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const typeAt = (offset: number): string => String.fromCharCode(...head.subarray(offset + 4, offset + HEADER_BYTES));
  const lastBox = LAST_BOXES[typeAt(0)];
  let end = 0;
  let box = lastBox;
  while (end < sizeBytes) {
    if (end + HEADER_BYTES > sizeBytes) return end === 0 ? 'right' : 'wrong';
    if (end + HEADER_BYTES > head.byteLength) return 'unknown';
    const boxBytes = view.getUint32(end);
    if (boxBytes < HEADER_BYTES) return 'wrong';
    if (lastBox === undefined) return 'right';
    box = typeAt(end);
    end += boxBytes;
  }
  return end === sizeBytes && box === lastBox ? 'right' : 'wrong';
}
