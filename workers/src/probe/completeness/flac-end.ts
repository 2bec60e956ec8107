import type { ReadAt } from '../read-at.ts';
import { id3Bytes } from './id3.ts';

/** `fLaC`, the block's header, STREAMINFO (RFC 9639, 8.2). */
const STREAMINFO_OFFSET = 8;
const STREAMINFO_BYTES = 34;
/** Where STREAMINFO does not say how long a frame may be, and for tags behind the last one. */
const TAIL_BYTES = 65_536;
/** Eight channels of 65,535 samples of 32 bits: what is stated beyond that is no frame. */
const MAX_FRAME_BYTES = 2 * 1024 * 1024;
/** Sync code, block size, rate, channels, bits; a coded number of up to 7 bytes; up to 4 more; CRC-8 (RFC 9639, 9.1). */
const MAX_HEADER_BYTES = 16;

/** Whether a FLAC file has its last frame; true where it does not say how many samples it has. */
export async function endsWithFlacFrame(head: Buffer, sizeBytes: number, readAt: ReadAt): Promise<boolean> {
  const start = id3Bytes(head);
  const info = (await readAt(start, STREAMINFO_OFFSET + STREAMINFO_BYTES)).subarray(STREAMINFO_OFFSET);
  if (info.length < STREAMINFO_BYTES) return true;
  const blockSamples = info.readUInt16BE(2);
  const totalSamples = (info.readUInt8(13) & 0x0f) * 2 ** 32 + info.readUInt32BE(14);
  if (totalSamples === 0) return true;
  const tailBytes = Math.min(info.readUIntBE(7, 3), MAX_FRAME_BYTES) + TAIL_BYTES;
  const tail = await readAt(sizeBytes - tailBytes, tailBytes);
  for (let offset = tail.indexOf(0xff); offset >= 0; offset = tail.indexOf(0xff, offset + 1)) {
    if (((tail[offset + 1] ?? 0) & 0xfe) !== 0xf8) continue;
    const end = frameEnd(tail.subarray(offset, offset + MAX_HEADER_BYTES), blockSamples);
    if (end !== undefined && end >= totalSamples) return true;
  }
  return false;
}

/** The sample after a frame, by its header from the sync code on; undefined where that is none after all. */
function frameEnd(header: Buffer, blockSamples: number): number | undefined {
  const [, second = 0, third = 0] = header;
  const number = codedNumber(header.subarray(4));
  if (number === undefined) return undefined;
  const sizeCode = third >> 4;
  const sizeAt = 4 + number.bytes;
  const sizeBytes = sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0;
  const rateBytes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 0][third & 0x0f] ?? 0;
  const crcAt = sizeAt + sizeBytes + rateBytes;
  if (crcAt >= header.length || crc8(header.subarray(0, crcAt)) !== header[crcAt]) return undefined;
  const samples = sizeBytes > 0 ? header.readUIntBE(sizeAt, sizeBytes) + 1 : BLOCK_SAMPLES[sizeCode];
  if (samples === undefined) return undefined;
  const isVariable = (second & 1) === 1;
  return (isVariable ? number.value : number.value * blockSamples) + samples;
}

/** RFC 9639, 9.1.1; the codes 6 and 7 stand for a size that is written out. */
const BLOCK_SAMPLES: readonly (number | undefined)[] = [
  ...[undefined, 192, 576, 1152, 2304, 4608, undefined, undefined],
  ...[256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768],
];

/** RFC 9639, 9.1.5: as UTF-8, and on to seven bytes. */
function codedNumber(bytes: Buffer): { readonly value: number; readonly bytes: number } | undefined {
  const [first = 0xff] = bytes;
  if (first < 0x80) return { value: first, bytes: 1 };
  const length = Math.clz32(~(first << 24));
  if (length < 2 || length > 7 || bytes.length < length) return undefined;
  let value = first & (0x7f >> length);
  for (const byte of bytes.subarray(1, length)) {
    if ((byte & 0xc0) !== 0x80) return undefined;
    value = value * 64 + (byte & 0x3f);
  }
  return { value, bytes: length };
}

/** RFC 9639, 9.1.8: polynomial x^8 + x^2 + x + 1. */
function crc8(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x80) === 0 ? (crc << 1) & 0xff : ((crc << 1) ^ 0x07) & 0xff;
  }
  return crc;
}
