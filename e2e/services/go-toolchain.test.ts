import { expect, test } from 'vitest';
import { isNewEnough } from './go-toolchain.ts';

test.each([
  ['go1.25', true],
  ['go1.25.0', true],
  ['go1.26rc1', true],
  ['go1.26.8', true],
  ['go2.0.1', true],
  ['go1.24.13', false],
  ['go1.19.8', false],
  ['go1.9', false],
  ['devel +abc', false],
  ['', false],
])('%j is new enough: %s', (version, expected) => {
  expect(isNewEnough(version)).toBe(expected);
});
