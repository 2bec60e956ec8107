/** ID3v2 (id3.org, 2.4 structure, 3.1): ten bytes of header, the size in four bytes of seven bits each. */
const HEADER_BYTES = 10;

/** How many bytes of tags stand before the sound; 0 without any. `head` is the file's beginning. */
export function id3Bytes(head: Buffer): number {
  if (head.length < HEADER_BYTES || head.toString('latin1', 0, 3) !== 'ID3') return 0;
  const size = [6, 7, 8, 9].reduce((value, offset) => value * 128 + ((head[offset] ?? 0) & 0x7f), 0);
  const footerBytes = ((head[5] ?? 0) & 0x10) === 0 ? 0 : HEADER_BYTES;
  return HEADER_BYTES + size + footerBytes;
}
