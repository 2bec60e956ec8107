import { expect, it } from 'vitest';
import { createViewerPlaces } from './viewer-places.ts';

it.each([
  [
    'the next segments',
    [
      ['v240', 101],
      ['v240', 104],
    ],
    false,
  ],
  ['another rung', [['v720', 100]], false],
  ['a place far ahead', [['v240', 500]], true],
  ['a place far back', [['v720', 3]], true],
  ['sound that is buffered far ahead', [['a0', 500]], false],
  [
    'a place far away, and then back here',
    [
      ['v240', 500],
      ['v240', 101],
    ],
    false,
  ],
] as const)('who waits for a segment and then asks for %s', (_, asked, expected) => {
  const places = createViewerPlaces();
  const hasLeft = places.arrive('viewer', 'v240', 100);
  places.arrive('another viewer', 'v240', 900);
  for (const [renditionId, segment] of asked) places.arrive('viewer', renditionId, segment);
  expect(hasLeft()).toBe(expected);
});

it('believes that viewers stay who came too long ago to be remembered', () => {
  const places = createViewerPlaces();
  const hasLeft = places.arrive('first', 'v240', 5);
  for (let viewer = 0; viewer < 10_000; viewer += 1) places.arrive(String(viewer), 'v240', 900);
  expect(hasLeft()).toBe(false);
});
