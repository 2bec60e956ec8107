import { expect, it } from 'vitest';
import { parseRational, rationalSchema, stringifyRational, toNumber } from './rational.ts';

it.each([
  ['30000/1001', { num: 30_000, den: 1001 }],
  ['25', { num: 25, den: 1 }],
  ['25/1', { num: 25, den: 1 }],
  ['16:9', { num: 16, den: 9 }],
])('reads %s', (text, expected) => {
  expect(parseRational(text)).toEqual(expected);
  expect(rationalSchema.parse(expected)).toEqual(expected);
});

it.each([
  undefined,
  '',
  '0/0',
  '0/1',
  '1/0',
  '-1/1',
  '1/-1',
  'N/A',
  '1/2/3x',
  '1.5/1',
  '1e999',
  'Infinity',
  '9007199254740993/1',
  '1/',
  '/1',
  ' ',
])('finds no value in %j', (text) => {
  expect(parseRational(text)).toBeUndefined();
});

it('writes what it reads', () => {
  expect(stringifyRational({ num: 24_000, den: 1001 })).toBe('24000/1001');
  expect(parseRational(stringifyRational({ num: 24_000, den: 1001 }))).toEqual({ num: 24_000, den: 1001 });
  expect(toNumber({ num: 30_000, den: 1001 })).toBeCloseTo(29.97, 3);
});
