import { newAssetId } from '@mediaflow/shared/ids';
import { expect, test } from 'vitest';
import type { UnitSizes } from '../db/units.ts';
import { probedOutcome } from '../testing/outcomes.ts';
import { aheadOf, askedFor, companionOf, findMissing } from './look-ahead.ts';

const TIMELINE = { frameRate: { num: 25, den: 1 }, framesPerSegment: 100, frameCount: 2000, segmentCount: 20 };

const unit = (firstSegment: number, sizes_bytes: number[] | null, renditionIds = ['v720', 'v480']): UnitSizes => ({
  unit: { id: `u.${firstSegment}`, renditionIds, firstSegment, segmentCount: 2, priority: 1 },
  sizes_bytes,
});

test.each([
  ['in the middle', 3, [4, 5]],
  ['near the end', 17, [18, 19]],
  ['at the end', 19, []],
])('a viewer %s', (_, number, expected) => {
  expect(findMissing([], 'v720', aheadOf(number, TIMELINE))).toEqual(expected);
});

test.each([
  ['nothing stored yet', [unit(0, null), unit(2, null)], [0, 1, 2, 3]],
  ['a whole unit stored', [unit(0, [5, 5, 5, 5]), unit(2, null)], [2, 3]],
  ['one segment of this rendition stored', [unit(0, [0, 5, 0, 0]), unit(2, null)], [0, 2, 3]],
  ['the other rendition stored', [unit(0, [0, 0, 5, 5]), unit(2, null)], [0, 1, 2, 3]],
  ['units of other renditions', [unit(0, [5, 5], ['a0']), unit(2, [5, 5], ['v720'])], [0, 1]],
])('missing with %s', (_, units, expected) => {
  expect(findMissing(units, 'v720', { first: 0, last: 3 })).toEqual(expected);
});

test.each([
  ['a picture', 'v720', 3, ['v720/3', 'a0/3', 'v720/4', 'v720/5']],
  ['the last one', 'v720', 19, ['v720/19', 'a0/19']],
  ['sound', 'a0', 3, ['a0/3', 'a0/4', 'a0/5']],
])('who waits for %s asks for', (_, renditionId, number, expected) => {
  const { renditions } = probedOutcome(newAssetId());
  const asked = askedFor({ renditionId, number }, { renditions, timeline: TIMELINE });
  expect(asked.map((segment) => `${segment.renditionId}/${segment.number}`)).toEqual(expected);
});

test('a picture comes with its sound, and nothing else does', () => {
  const { renditions } = probedOutcome(newAssetId());
  expect(companionOf('v720', renditions)).toBe('a0');
  expect(companionOf('a0', renditions)).toBeUndefined();
  expect(
    companionOf(
      'v720',
      renditions.filter(({ kind }) => kind === 'video'),
    ),
  ).toBeUndefined();
});
