const HEADER_BYTES = 8;
/** What our init segments and segments begin with. Of what begins otherwise nothing is known, and nothing held against it. */
const FIRST_BOXES: readonly string[] = ['ftyp', 'styp'];

/**
 * What surely holds the headers of all boxes of a segment, and `moof` whole: eight bytes a picture, 240 pictures at most. They stand before
 * the pictures, whose box is the last.
 */
export const STATED_LENGTH_HEAD_BYTES = 8_192;

/**
 * Whether an object is as long as its own boxes say (ISO/IEC 14496-12, 4.2): a disk that was full or lost power, or a copy that
 * broke off, leaves one that is shorter. `unknown` until `head`, its first bytes, reaches the last header.
 */
export function judgeLength(head: Uint8Array, sizeBytes: number): 'right' | 'wrong' | 'unknown' {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  let end = 0;
  while (end < sizeBytes) {
    if (end + HEADER_BYTES > sizeBytes) return end === 0 ? 'right' : 'wrong';
    if (end + HEADER_BYTES > head.byteLength) return 'unknown';
    if (end === 0 && !FIRST_BOXES.includes(String.fromCharCode(...head.subarray(4, HEADER_BYTES)))) return 'right';
    const boxBytes = view.getUint32(end);
    if (boxBytes < HEADER_BYTES) return 'wrong';
    end += boxBytes;
  }
  return end === sizeBytes ? 'right' : 'wrong';
}
