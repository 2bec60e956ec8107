import { describe, expect, it, test } from 'vitest';
import { resolveRange, stringifyContentRange } from './byte-range.ts';

describe('resolveRange', () => {
  it.each<[string | undefined, number, ReturnType<typeof resolveRange>]>([
    ['bytes=0-0', 10, { first: 0, last: 0 }],
    ['bytes=0-9', 10, { first: 0, last: 9 }],
    ['bytes=3-5', 10, { first: 3, last: 5 }],
    ['bytes=3-', 10, { first: 3, last: 9 }],
    ['bytes=3-999', 10, { first: 3, last: 9 }],
    ['bytes=3-9223372036854775807', 10, { first: 3, last: 9 }],
    ['bytes=-4', 10, { first: 6, last: 9 }],
    ['bytes=-999', 10, { first: 0, last: 9 }],
    [`bytes=-${'9'.repeat(400)}`, 10, { first: 0, last: 9 }],
    ['BYTES=1-2', 10, { first: 1, last: 2 }],
    [' bytes=1-2 ', 10, { first: 1, last: 2 }],
    ['bytes=9-9', 10, { first: 9, last: 9 }],
    ['bytes=10-', 10, 'unsatisfiable'],
    ['bytes=10-12', 10, 'unsatisfiable'],
    ['bytes=-0', 10, 'unsatisfiable'],
    ['bytes=9999999999999999-', 10, 'unsatisfiable'],
    [`bytes=${'9'.repeat(10_000)}-`, 10, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=-1', 0, 'unsatisfiable'],
    // Answered with the whole object:
    [undefined, 10, undefined],
    ['', 10, undefined],
    ['bytes=5-3', 10, undefined],
    ['bytes=0-1,4-5', 10, undefined],
    ['bytes=-', 10, undefined],
    ['bytes=a-b', 10, undefined],
    ['bytes=1.5-2', 10, undefined],
    ['bytes=0x1-2', 10, undefined],
    ['bytes=-5-6', 10, undefined],
    ['items=0-1', 10, undefined],
    [`bytes=${'9'.repeat(10_000)}`, 10, undefined],
  ])('%s of %i', (header, sizeBytes, expected) => {
    expect(resolveRange(header, sizeBytes)).toEqual(expected);
  });
});

test('Content-Range counts from zero to the last byte', () => {
  expect(stringifyContentRange({ first: 2, last: 5 }, 10)).toBe('bytes 2-5/10');
});
