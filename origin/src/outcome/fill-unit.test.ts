import type { Unit } from '@mediaflow/shared/units';
import { expect, test } from 'vitest';
import { countSegments, fillUnit } from './fill-unit.ts';

const unit: Unit = { id: 'v720.2.4-5', renditionIds: ['v720', 'v240'], firstSegment: 4, segmentCount: 2, priority: 5 };
const empty = { unit, sizes_bytes: null, keyframe_bytes: null };
const half = { unit, sizes_bytes: [10, 0, 0, 40], keyframe_bytes: [1, 0, 0, 4] };

test.each([
  [
    'all of it at once',
    empty,
    [
      { renditionId: 'v720', firstSegment: 4, sizesBytes: [10, 20], keyframeBytes: [1, 2] },
      { renditionId: 'v240', firstSegment: 4, sizesBytes: [30, 40], keyframeBytes: [3, 4] },
    ],
    [10, 20, 30, 40],
    [1, 2, 3, 4],
    4,
    true,
  ],
  ['one segment', empty, [{ renditionId: 'v240', firstSegment: 5, sizesBytes: [40] }], [0, 0, 0, 40], [0, 0, 0, 0], 1, false],
  [
    'what was missing',
    half,
    [
      { renditionId: 'v720', firstSegment: 5, sizesBytes: [20] },
      { renditionId: 'v240', firstSegment: 4, sizesBytes: [30] },
    ],
    [10, 20, 30, 40],
    [1, 0, 0, 4],
    2,
    true,
  ],
  [
    'a segment twice: the first size stays',
    half,
    [{ renditionId: 'v720', firstSegment: 4, sizesBytes: [11] }],
    [10, 0, 0, 40],
    [1, 0, 0, 4],
    0,
    false,
  ],
  [
    'segments beyond the unit on both sides',
    empty,
    [{ renditionId: 'v720', firstSegment: 3, sizesBytes: [9, 10, 20, 21] }],
    [10, 20, 0, 0],
    [0, 0, 0, 0],
    2,
    false,
  ],
  ['a rendition of another unit', half, [{ renditionId: 'a0', firstSegment: 4, sizesBytes: [1] }], [10, 0, 0, 40], [1, 0, 0, 4], 0, false],
] as const)('%s', (_, row, stored, sizesBytes, keyframeBytes, newCount, isWhole) => {
  const rowOf = { ...row, sizes_bytes: row.sizes_bytes?.slice() ?? null, keyframe_bytes: row.keyframe_bytes?.slice() ?? null };
  const reported = stored.map((segments) => ({
    renditionId: segments.renditionId,
    firstSegment: segments.firstSegment,
    sizesBytes: [...segments.sizesBytes],
    ...('keyframeBytes' in segments && { keyframeBytes: [...segments.keyframeBytes] }),
  }));
  expect(fillUnit(rowOf, reported)).toEqual({ sizesBytes, keyframeBytes, newCount, isWhole });
});

test('a unit holds its segments of every rendition', () => {
  expect(countSegments(unit)).toBe(4);
});
