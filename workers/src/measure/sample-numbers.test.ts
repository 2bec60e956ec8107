import { expect, test } from 'vitest';
import { sampleNumbers } from './sample-numbers.ts';

test.each([
  { segmentCount: 1, count: 5, expected: [0] },
  { segmentCount: 4, count: 5, expected: [0, 1, 2, 3] },
  { segmentCount: 8, count: 1, expected: [4] },
  { segmentCount: 10, count: 5, expected: [1, 3, 5, 7, 9] },
  { segmentCount: 900, count: 3, expected: [150, 450, 750] },
])('$count of $segmentCount segments', ({ segmentCount, count, expected }) => {
  expect(sampleNumbers(segmentCount, count)).toEqual(expected);
});
