import { expect, test } from 'vitest';
import { mean, parseSsimStats } from './ssim-stats.ts';

test('takes the weighted value of every picture', () => {
  const lines = [
    'n:1 Y:0.995811 U:0.993502 V:0.994143 All:0.995148 (23.140815)',
    'n:2 Y:1.000000 U:1.000000 V:1.000000 All:1.000000 (inf)',
    'n:3 Y:0.912 U:0.9 V:0.9 All:0.910000 (10.45)',
  ];
  expect(parseSsimStats(`${lines.join('\n')}\n`)).toEqual([0.995148, 1, 0.91]);
  expect(mean([0.9, 1])).toBeCloseTo(0.95);
});

test('finds nothing in a file that is empty or something else', () => {
  expect(parseSsimStats('')).toEqual([]);
  expect(parseSsimStats('frame=1 All:0.5\n')).toEqual([]);
});
