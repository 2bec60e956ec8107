import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parseFrameCrc } from '../ffmpeg/frame-crc.ts';
import { createClipFolder, ffmpeg } from '../testing/clips.ts';
import { GIVE_WAY_FRAMES, type PlaceRule, placeExpression, placePictures } from './picture-places.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

const uneven: PlaceRule = { border: 0.499, isUneven: true };
const even: PlaceRule = { border: 0.499, isUneven: false };

/** Positions of pictures at a pace against the grid's, each up to `jitter` frames off. */
const drifting = (count: number, pace: number, jitter: number, jitterOf: (index: number) => number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index / pace + jitter * jitterOf(index)).toSorted((a, b) => a - b);
/** Like noise, and the same each time. */
const noise = (index: number): number => Math.sin(index * index * 12.9898);

describe('placePictures', () => {
  test.each<readonly [string, readonly number[], readonly number[], readonly number[]]>([
    ['on the grid', [0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3]],
    ['two at a point, and the next one free', [0, 1.4, 1.6, 2.4, 4.4], [0, 1, 2, 2, 4], [0, 1, 2, 3, 4]],
    ['those after it give way, too', [0.6, 1.4, 2.4, 3.4, 5.4], [1, 1, 2, 3, 5], [1, 2, 3, 4, 5]],
    ['until one is early', [0.6, 1.4, 2.4, 2.9, 3.9], [1, 1, 2, 3, 4], [1, 2, 3, 3, 4]],
    ['one that is early gives no way', [0.6, 0.9, 2], [1, 1, 2], [1, 1, 2]],
    ['a rush of more than the grid holds', [0, 0.4, 0.8, 1.2, 1.6, 2], [0, 0, 1, 1, 2, 2], [0, 1, 1, 2, 2, 2]],
  ])('%s', (_, positions, rounded, expected) => {
    expect(placePictures(positions, even)).toEqual(rounded);
    expect(placePictures(positions, uneven)).toEqual(expected);
  });

  test.each([29.87, 29.9, 29.97, 28.5, 27])('loses none of a camera of %f a second on a grid of 30', (rate) => {
    const positions = drifting(20_000, rate / 30, 0.12, noise);
    expect(new Set(placePictures(positions, uneven)).size).toBe(positions.length);
    expect(new Set(placePictures(positions, even)).size).toBeLessThan(positions.length);
    for (const [index, place] of placePictures(positions, uneven).entries())
      expect(Math.abs(place - (positions[index] ?? 0))).toBeLessThan(1);
  });

  it('places a picture by those shortly before it: wherever a run begins', () => {
    const steps = fc.array(fc.double({ min: 0, max: 2.2, noNaN: true }), { minLength: 60, maxLength: 150 });
    fc.assert(
      fc.property(steps, fc.nat(59), (distances, start) => {
        let position = 0;
        const positions = distances.map((distance) => (position += distance));
        const whole = placePictures(positions, uneven);
        const from = placePictures(positions.slice(start), uneven);
        const begun = Math.floor((positions[start] ?? 0) + 0.501);
        for (const [index, place] of from.entries()) {
          const point = Math.floor((positions[start + index] ?? 0) + 0.501);
          if (point > begun + GIVE_WAY_FRAMES) expect(place).toBe(whole[start + index]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('placeExpression', () => {
  test.each<readonly [string, PlaceRule, pace: number, jitter: number]>([
    ['even', even, 0.9956, 0.1],
    ['uneven', uneven, 0.9956, 0.1],
    ['uneven and sparse', uneven, 0.5, 0.4],
    ['uneven and more than the grid holds', uneven, 1.6, 0.3],
    ['decimated', { border: 0.25, isUneven: false }, 2, 0.01],
  ])('is the same rule in ffmpeg: %s', async (name, rule, pace, jitter) => {
    // On a clock of thousandths of a frame.
    const ticks = drifting(1_500, pace, jitter, noise).map((position) => Math.round(position * 1000));
    const times = `round(1000*(N/${pace}+${jitter}*sin(N*N*12.9898)))`;
    const output = join(clips.path, `${name}.crc`);
    await ffmpeg(
      ...['-f', 'lavfi', '-i', 'color=s=16x16:r=1000:d=1.5'],
      ...['-vf', `settb=1/1000,setpts='${times}',setpts='(${placeExpression('T', rule)})/TB'`],
      ...['-fps_mode', 'passthrough', '-enc_time_base', '1:1000', '-c:v', 'rawvideo', '-f', 'framecrc', output],
    );
    const placed = parseFrameCrc(await readFile(output, 'utf8'))
      .get(0)
      ?.ticks.map((tick) => tick / 1000);
    const positions = ticks.map((tick) => tick / 1000);
    expect(placed).toEqual(placePictures(positions, rule));
  });
});
