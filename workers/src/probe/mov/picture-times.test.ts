import { describe, expect, test } from 'vitest';
import { pictureTicks } from './picture-times.ts';

describe('when pictures are shown', () => {
  const table = (...numbers: readonly number[]): Uint32Array => Uint32Array.from(numbers);
  test.each([
    ['one after the other', table(3, 10), table(), [0, 10, 20]],
    ['at paces of their own', table(2, 10, 1, 25, 1, 5), table(), [0, 10, 20, 45]],
    ['B-frames in the order shown', table(4, 10), table(1, 10, 1, 30, 2, 0), [10, 20, 30, 40]],
    ['earlier than they are decoded', table(3, 10), table(1, 0, 2, 2 ** 32 - 5), [0, 5, 15]],
    ['empty runs', table(0, 7, 2, 10, 0, 9), table(0, 3, 0, 4, 2, 1), [1, 11]],
    ['offsets for some alone', table(3, 10), table(1, 5), [5, 10, 20]],
    ['none', table(), table(), []],
  ])('%s', (_, durations, offsets, expected) => {
    expect(pictureTicks(durations, offsets)).toEqual(expected);
  });

  test('billions that take a few bytes are not counted out', () => {
    expect(pictureTicks(table(2 ** 32 - 1, 1), table())).toBeUndefined();
    expect(pictureTicks(table(...Array.from({ length: 4_000 }, () => 1_000)), table())).toBeUndefined();
  });
});
