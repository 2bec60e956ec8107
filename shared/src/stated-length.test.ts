import { describe, expect, test } from 'vitest';
import { judgeLength } from './stated-length.ts';

const box = (type: string, contentBytes: number, statedBytes = 8 + contentBytes): Uint8Array => {
  const bytes = new Uint8Array(8 + contentBytes);
  new DataView(bytes.buffer).setUint32(0, statedBytes);
  bytes.set(new TextEncoder().encode(type), 4);
  return bytes;
};
const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(parts.flatMap((part) => [...part]));

const SEGMENT = join(box('styp', 16), box('moof', 100), box('mdat', 5_000));

describe('the length that boxes state', () => {
  test.each([
    ['a segment', SEGMENT, 'right'],
    ['an init segment', join(box('ftyp', 16), box('moov', 700)), 'right'],
    ['half of a segment', SEGMENT.subarray(0, SEGMENT.length / 2), 'wrong'],
    ['all but the last byte', SEGMENT.subarray(0, -1), 'wrong'],
    ['cut between two boxes', SEGMENT.subarray(0, 24), 'wrong'],
    ['cut before its pictures', SEGMENT.subarray(0, 132), 'wrong'],
    ['cut within a header', SEGMENT.subarray(0, 30), 'wrong'],
    ['something after its end', join(SEGMENT, new Uint8Array(4)), 'wrong'],
    ['a box that has no end', join(box('styp', 16), box('mdat', 100, 0)), 'wrong'],
    ['zeros', new Uint8Array(5_000), 'wrong'],
    ['zeros in the place of its first bytes', SEGMENT.map((byte, index) => (index < 16 ? 0 : byte)), 'wrong'],
    ['no boxes', new TextEncoder().encode('WEBVTT\n\n00:00.000 --> 00:01.000\nHello'), 'right'],
    ['a few bytes of anything', new Uint8Array(3), 'right'],
  ] as const)('of %s', (_, bytes, verdict) => {
    expect(judgeLength(bytes, bytes.length)).toBe(verdict);
  });

  test('is known as soon as the last header is', () => {
    const sizeBytes = SEGMENT.length;
    expect(judgeLength(new Uint8Array(), sizeBytes)).toBe('unknown');
    expect(judgeLength(SEGMENT.subarray(0, 139), sizeBytes)).toBe('unknown');
    expect(judgeLength(SEGMENT.subarray(0, 140), sizeBytes)).toBe('right');
    expect(judgeLength(SEGMENT.subarray(0, 140), sizeBytes / 2)).toBe('wrong');
  });

  test('of a view into a larger buffer', () => {
    const view = join(new Uint8Array(5), SEGMENT).subarray(5);
    expect(judgeLength(view, SEGMENT.length)).toBe('right');
  });
});
