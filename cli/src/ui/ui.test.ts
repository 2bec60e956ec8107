import { expect, test } from 'vitest';
import type { Output } from './output.ts';
import { createProgress } from './progress.ts';
import { formatTable } from './table.ts';
import { formatBytes, formatClock, parseDuration } from './units.ts';

test.each([
  [0, '0 B'],
  [2.6, '3 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [22_500_000, '22.5 MB'],
  [999_999, '1.00 MB'],
  [5e15, '5.00 PB'],
])('%i bytes are %s', (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});

test.each([
  [0, '0:00'],
  [59.6, '1:00'],
  [65, '1:05'],
  [3725, '1:02:05'],
  [-1, '0:00'],
])('%f seconds are %s', (seconds, expected) => {
  expect(formatClock(seconds)).toBe(expected);
});

test.each([
  ['90', 90],
  ['90s', 90],
  ['30m', 1800],
  ['12h', 43_200],
  ['7d', 604_800],
])('%s is %i seconds', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each(['', '0', '-1', '1.5h', '7w', '7 d', 'd', '1e9', '9999999999'])('%j is no duration', (text) => {
  expect(() => parseDuration(text)).toThrow('is no duration');
});

test('columns are as wide as their widest cell, colours aside', () => {
  expect(formatTable(['A', 'B'], [['\u001b[32mlong\u001b[39m', 'x']])).toBe('A     B\n\u001b[32mlong\u001b[39m  x');
});

test('without a terminal progress is a line at each quarter and at the end', () => {
  const lines: string[] = [];
  const output: Output = { print: () => undefined, say: (text) => lines.push(text), isInteractive: false };
  const progress = createProgress('uploading', output);
  for (let percent = 0; percent <= 100; percent += 1) progress.update(percent / 100, '');
  progress.update(1, '');
  expect(lines).toEqual(['uploading 0 %', 'uploading 25 %', 'uploading 50 %', 'uploading 75 %', 'uploading 100 %']);
});
