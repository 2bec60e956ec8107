import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { endsWithFlacFrame } from './flac-end.ts';
import { id3Bytes } from './id3.ts';
import { mp3Bytes } from './mp3-size.ts';

const readFrom =
  (file: Buffer) =>
  async (offset: number, count: number): Promise<Buffer> =>
    file.subarray(Math.max(0, offset), Math.max(0, offset) + count);

describe('tags before the sound', () => {
  test.each([
    ['none', Buffer.from('fLaC, and so on'), 0],
    ['some', Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 2, 1]), 10 + 257],
    ['with a footer', Buffer.from([0x49, 0x44, 0x33, 4, 0, 0x10, 0, 0, 2, 1]), 20 + 257],
    ['cut', Buffer.from('ID3'), 0],
  ])('%s', (_, head, expected) => {
    expect(id3Bytes(head)).toBe(expected);
  });
});

describe('the size that an MP3 states', () => {
  const xing = (name: string, flags: number, ...numbers: readonly number[]): Buffer => {
    const frame = Buffer.alloc(64);
    frame.writeUInt32BE(0xfffb9064);
    frame.write(name, 36, 'latin1');
    for (const [index, number] of [flags, ...numbers].entries()) frame.writeUInt32BE(number, 40 + index * 4);
    return frame;
  };
  test.each([
    ['frames and bytes', xing('Xing', 3, 100, 5000), 5000],
    ['bytes alone', xing('Info', 2, 5000), 5000],
    ['frames alone', xing('Info', 1, 100), undefined],
    ['nothing yet', xing('Xing', 3, 0, 0), undefined],
    ['without the header', xing('', 0), undefined],
    ['cut in the header', xing('Xing', 3, 100, 5000).subarray(0, 46), undefined],
    ['empty', Buffer.alloc(0), undefined],
  ])('%s', async (_, file, expected) => {
    expect(await mp3Bytes(file, readFrom(file))).toBe(expected);
  });
});

test('whatever bytes a FLAC has, they are read, and a file that states no length is whole', async () => {
  for (let length = 0; length < 400; length += 1) {
    const file = createHash('shake256', { outputLength: length }).update(`${length}`).digest();
    // Where a frame's header could begin, as often as there is room for one.
    for (let offset = 42; offset + 2 <= length; offset += 5) file.writeUInt16BE(0xfff8, offset);
    expect(await endsWithFlacFrame(file, length, readFrom(file))).toEqual(expect.any(Boolean));
  }
  const silent = Buffer.concat([Buffer.from('fLaC'), Buffer.alloc(60)]);
  expect(await endsWithFlacFrame(silent, silent.length, readFrom(silent))).toBe(true);
});
