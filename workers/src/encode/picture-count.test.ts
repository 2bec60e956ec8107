import { describe, expect, test } from 'vitest';
import { countPictures, mayBeDamaged } from './picture-count.ts';

describe('what hints at damage', () => {
  test.each([
    ['nothing said', '', false],
    [
      'a decoder that begins between keyframes',
      '[h264 @ 0x1] [error] co located POCs unavailable\n[h264 @ 0x1] [error] mmco: unref short failure',
      false,
    ],
    ['HEVC pictures before a seek', '[hevc @ 0x1] [error] Could not find ref with POC 55', false],
    [
      'a warning of something else',
      '[swscaler @ 0x1] [warning] deprecated pixel format used, make sure you did set range correctly',
      false,
    ],
    ['a slice that does not decode', '[h264 @ 0x1] [error] error while decoding MB 5 6, bytestream -7', true],
    ['a hole in a transport stream', '[mpegts @ 0x1] [warning] Packet corrupt (stream = 0, dts = 1195200).', true],
    ['a picture that was concealed', '[warning] file:clip: corrupt decoded frame in stream 0', true],
    [
      'damage among harmless lines',
      '[h264 @ 0x1] [error] co located POCs unavailable\n[error] Error while decoding stream #0:0: Invalid data',
      true,
    ],
  ])('%s', (_, messages, expected) => {
    expect(mayBeDamaged(messages)).toBe(expected);
  });
});

describe('pictures counted on the grid', () => {
  const range = (first: number, end: number): readonly number[] => Array.from({ length: end - first }, (_, index) => first + index);
  const window = { first: 10, end: 20, longestHold: 5 };
  test.each([
    ['all good', range(5, 20), range(5, 20), 0],
    ['one does not decode', range(5, 20), [...range(5, 12), ...range(13, 20)], 1],
    ['damage before the window', range(5, 20), range(8, 20), 0],
    ['two pictures a grid point', [...range(5, 20), ...range(5, 20)], range(5, 20), 0],
    ['stills of a variable rate', [8, 12, 16], [8, 12, 16], 0],
    ['a still whose picture is damaged, to the next one', [8, 12, 16], [8, 16], 4],
    ['a hole, from where no still is that long', range(5, 12), range(5, 12), 4],
    ['nothing in the file', [], [], 10],
    ['nothing decodes', range(5, 20), [], 10],
    ['pictures without packets of their own count as good', [], range(5, 20), 0],
  ] as const)('%s', (_, coded, intact, damaged) => {
    expect(countPictures({ coded, intact }, window)).toEqual({ total: 10, damaged });
  });

  test('a window after the last picture has none', () => {
    expect(countPictures({ coded: [1], intact: [1] }, { first: 10, end: 8, longestHold: 5 })).toEqual({ total: 0, damaged: 0 });
  });
});
