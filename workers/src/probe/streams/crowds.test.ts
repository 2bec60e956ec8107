import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { isNearCrowd, placePictures } from '../../encode/picture-places.ts';
import { findCrowds } from './crowds.ts';

const rate = { num: 25, den: 1 };
const secondsOf = (positions: readonly number[]): readonly number[] => positions.map((position) => position / 25);

test.each<readonly [string, readonly number[], readonly (readonly [number, number])[]]>([
  ['on the grid', [0, 1, 2, 3], []],
  ['late by less than half, and gaps', [0, 1.4, 2.4, 7.45], []],
  ['two at a point', [0, 1, 1.4, 3], [[1, 1]]],
  ['two at the border between two points', [0, 0.499, 1, 2], [[1, 1]]],
  ['near one another', [0, 0.2, 30, 30.2, 60.3, 60.4], [[0, 60]]],
  [
    'far from one another',
    [0, 0.2, 100, 100.2],
    [
      [0, 0],
      [100, 100],
    ],
  ],
])('%s', (_, positions, crowds) => {
  expect(findCrowds(secondsOf(positions), rate, 0)).toEqual(crowds);
});

it('counts from the grid point of the first picture', () => {
  expect(findCrowds(secondsOf([3, 3.2]), rate, 7)).toEqual([[7, 7]]);
});

it('keeps none where they are everywhere', () => {
  const pairs = Array.from({ length: 300 }, (_, index) => [index * 100, index * 100 + 0.2]).flat();
  expect(findCrowds(secondsOf(pairs), rate, 0)).toBeUndefined();
});

it('is all that matters: far from crowds, pictures have their places wherever a run begins', () => {
  // Mostly at a camera's pace, sometimes in a rush.
  const step = fc.oneof(
    { weight: 20, arbitrary: fc.double({ min: 0.9, max: 1.12, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(0.3) },
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 150, maxLength: 400 }), fc.nat(300), fc.nat(40), (steps, start, ahead) => {
      let position = 0;
      const positions = [0, ...steps.map((each) => (position += each))];
      const crowds = findCrowds(secondsOf(positions), rate, 0) ?? [];
      const rule = { border: 0.499, isUneven: true };
      const whole = placePictures(positions, rule);
      const keyframe = Math.min(start, positions.length - 1);
      // The first window of a run begins at its keyframe or later.
      const frame = Math.floor((positions[keyframe] ?? 0) + 0.501) + ahead;
      fc.pre(!isNearCrowd(crowds, frame));
      const run = placePictures(positions.slice(keyframe), rule);
      const shown = (places: readonly number[]): readonly number[] => places.filter((place) => place >= frame);
      expect(shown(run)).toEqual(shown(whole));
    }),
    { numRuns: 300 },
  );
});
