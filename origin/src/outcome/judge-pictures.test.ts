import { expect, test } from 'vitest';
import { judgePictures } from './judge-pictures.ts';

test.each([
  [0, 0, 'good'],
  [1_000, 0, 'good'],
  [1_000, 1, 'damaged'],
  [1_000, 50, 'damaged'],
  [1_000, 51, 'lost'],
  [1, 1, 'lost'],
])('of %i pictures %i damaged: %s', (total, damaged, verdict) => {
  expect(judgePictures(total, damaged)).toMatchObject({ verdict });
});

test('the warning says how much', () => {
  expect(judgePictures(100, 3)).toMatchObject({ warning: { type: 'corrupt', message: expect.stringContaining('3 %') } });
  expect(judgePictures(10_000, 1)).toMatchObject({ warning: { message: expect.stringContaining('Less than 1 %') } });
});
