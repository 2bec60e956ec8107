import { expect, test } from 'vitest';
import { parseRange, stringifyContentRange } from './range.ts';

const part = (offset: number, length: number) => ({ kind: 'part', range: { offset, length } });

test.each([
  [undefined, { kind: 'whole' }],
  ['bytes=0-0', part(0, 1)],
  ['bytes=2-5', part(2, 4)],
  ['bytes=2-', part(2, 8)],
  ['bytes=2-100', part(2, 8)],
  ['bytes=-3', part(7, 3)],
  ['bytes=-100', part(0, 10)],
  ['bytes=-0', { kind: 'unsatisfiable' }],
  ['bytes=10-', { kind: 'unsatisfiable' }],
  ['bytes=10-20', { kind: 'unsatisfiable' }],
  // RFC 9110 14.2: what is not understood is ignored.
  ['bytes=5-2', { kind: 'whole' }],
  ['bytes=0-1,3-4', { kind: 'whole' }],
  ['bytes=-', { kind: 'whole' }],
  ['bytes=a-b', { kind: 'whole' }],
  ['lines=0-1', { kind: 'whole' }],
  ['bytes=99999999999999999999-', { kind: 'whole' }],
])('%s of ten bytes', (header, expected) => {
  expect(parseRange(header, 10)).toEqual(expected);
});

test('an empty object satisfies no range', () => {
  expect(parseRange('bytes=0-', 0)).toEqual({ kind: 'unsatisfiable' });
  expect(parseRange('bytes=-1', 0)).toEqual({ kind: 'unsatisfiable' });
});

test('Content-Range counts from zero to the last byte', () => {
  expect(stringifyContentRange({ offset: 2, length: 4 }, 10)).toBe('bytes 2-5/10');
});
