import { newAssetId } from '@mediaflow/shared/ids';
import { isExtra } from '@mediaflow/shared/rendition';
import { expect, test } from 'vitest';
import { probedOutcome, SOURCE } from '../testing/outcomes.ts';
import { measureRenditions } from './measure-renditions.ts';

const { timeline, renditions, units } = probedOutcome(newAssetId(), 1, SOURCE, { secondCodec: 'av1' });

/** Every segment of `bytes`; the opening, 2 s in place of 4, of the same. */
const stored = (bytes: (number: number) => number) =>
  units.map((unit) => {
    const sizes = unit.renditionIds.flatMap(() =>
      Array.from({ length: unit.segmentCount }, (_, offset) => bytes(unit.firstSegment + offset)),
    );
    return { unit, sizes_bytes: sizes, keyframe_bytes: sizes.map((size) => Math.ceil(size / 10)) };
  });

test('the peak is the largest rate of a segment, the average that of the whole', () => {
  const [video] = measureRenditions(
    timeline,
    renditions,
    stored(() => 500_000),
  );
  // 30 s: the opening of 2 s, which has twice the rate, and seven segments of 4 s.
  expect(timeline.segmentCount).toBe(8);
  expect(video).toMatchObject({ renditionId: 'v720', peakBitrateBps: 2_000_000, averageBitrateBps: Math.ceil((8 * 500_000 * 8) / 30) });
  expect(video?.keyframeBytes).toEqual(new Array(8).fill(50_000));
});

test('a last picture alone makes no peak', () => {
  const [video] = measureRenditions(
    { ...timeline, frameCount: timeline.frameCount - timeline.framesPerSegment + 1 },
    renditions,
    stored((number) => [250_000, ...new Array<number>(6).fill(500_000), 50_000][number] ?? 0),
  );
  expect(video?.peakBitrateBps).toBe(Math.ceil((550_000 * 8) / 4.04));
});

test('sound is measured over the samples that are heard, and names no key frames', () => {
  const sound = measureRenditions(
    timeline,
    renditions,
    stored(() => 1_000),
  ).find(({ renditionId }) => renditionId === 'a0');
  expect(sound).toBeDefined();
  expect(sound).not.toHaveProperty('keyframeBytes');
  expect(sound?.averageBitrateBps).toBeGreaterThan((8 * 8_000) / 30.1);
  expect(sound?.averageBitrateBps).toBeLessThan((8 * 8_000) / 29.9);
});

test('a rendition with a segment missing is left out, and only that one', () => {
  const units = stored(() => 1_000).map((row) =>
    row.unit.renditionIds.some((id) => id.endsWith('av1')) && row.unit.firstSegment === 4 ? { ...row, sizes_bytes: null } : row,
  );
  const measured = measureRenditions(timeline, renditions, units);
  expect(measured.map(({ renditionId }) => renditionId)).toEqual(renditions.filter((rendition) => !isExtra(rendition)).map(({ id }) => id));
});

test('nothing stored, nothing measured', () => {
  expect(measureRenditions(timeline, renditions, [])).toEqual([]);
});
