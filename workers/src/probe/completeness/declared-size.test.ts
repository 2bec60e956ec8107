import { describe, expect, test } from 'vitest';
import { declaredBytes, endsWithFlvTag } from './declared-size.ts';

const bytes = (...parts: readonly (string | number | readonly number[])[]): Buffer =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(typeof part === 'number' ? [part] : part))),
  );
const uint32le = (value: number): readonly number[] => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];

/** An EBML header of 3 bytes, then a Segment whose size is written as given. */
const matroska = (size: readonly number[]): Buffer => bytes([0x1a, 0x45, 0xdf, 0xa3, 0x83, 1, 2, 3], [0x18, 0x53, 0x80, 0x67], size);

const ASF_ID = [0xa1, 0xdc, 0xab, 0x8c, 0x47, 0xa9, 0xcf, 0x11, 0x8e, 0xe4, 0x00, 0xc0, 0x0c, 0x20, 0x53, 0x65];
const asf = (sizeBytes: number, flags: number): Buffer => {
  const properties = Buffer.alloc(104);
  properties.writeUInt32LE(sizeBytes, 40);
  properties.writeUInt32LE(flags, 88);
  Buffer.from(ASF_ID).copy(properties);
  return bytes('before it', [...properties]);
};

describe('the size that a file states', () => {
  test.each([
    ['an AVI', 'avi', bytes('RIFF', uint32le(1000)), 1008],
    ['a WAV of 3 GB', 'wav', bytes('RIFF', uint32le(3_000_000_000)), 3_000_000_008],
    ['a WAV written to a pipe', 'wav', bytes('RIFF', uint32le(0xffff_ffff)), undefined],
    ['a WAV written to a pipe by others', 'wav', bytes('RIFF', uint32le(0x7fff_ffff)), undefined],
    ['a WAV that nobody ended', 'wav', bytes('RIFF', uint32le(0)), undefined],
    ['a WAV of more than 4 GB', 'wav', bytes('RF64', uint32le(0xffff_ffff)), undefined],
    ['an AIFF', 'aiff', bytes('FORM', [0, 0, 3, 0xe8]), 1008],
    ['a Matroska file', 'matroska', matroska([0x10, 0, 3, 0xe8]), 8 + 4 + 4 + 1000],
    ['one with a size of 8 bytes', 'matroska', matroska([0x01, 0, 0, 0, 0, 0, 3, 0xe8]), 8 + 4 + 8 + 1000],
    ['a live recording', 'matroska', matroska([0x01, 255, 255, 255, 255, 255, 255, 255]), undefined],
    ['one without a Segment', 'matroska', bytes([0x1a, 0x45, 0xdf, 0xa3, 0x83, 1, 2, 3], 'something else'), undefined],
    ['one cut in its header', 'matroska', bytes([0x1a, 0x45, 0xdf, 0xa3]), undefined],
    ['a Windows Media file', 'asf', asf(5000, 2), 5000],
    ['a Windows Media broadcast', 'asf', asf(5000, 1), undefined],
    ['a Windows Media file without properties', 'asf', bytes('nothing'), undefined],
    ['a format that states none', 'mpegts', bytes('G'), undefined],
    ['nothing', 'avi', bytes(), undefined],
  ] as const)('%s', (_, demuxer, head, expected) => {
    expect(declaredBytes(demuxer, head)).toBe(expected);
  });
});

describe('the last tag of a Flash file', () => {
  const TAG = [9, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 13];
  const isWhole = (file: Buffer): Promise<boolean> =>
    endsWithFlvTag(file.length, async (offset, count) => file.subarray(Math.max(0, offset), Math.max(0, offset) + count));

  test.each([
    ['whole', bytes('FLV', TAG), true],
    ['cut in its body', bytes('FLV', TAG.slice(0, 12)), false],
    ['without its length', bytes('FLV', TAG.slice(0, 13)), false],
    ['with another length', bytes('FLV', TAG.slice(0, 16), 12), false],
    ['missing', bytes('FL'), false],
  ] as const)('%s', async (_, file, expected) => {
    expect(await isWhole(file)).toBe(expected);
  });
});
