import type { Rational } from '@mediaflow/shared/rational';
import { describe, expect, test } from 'vitest';
import { chooseFrameRate } from './frame-rate.ts';

describe('the grid rate', () => {
  const rate = (num: number, den = 1) => ({ num, den });
  test.each([
    ['constant', rate(30000, 1001), rate(30000, 1001), false, rate(30000, 1001)],
    ['measured a little off', rate(25), rate(2497, 100), false, rate(25)],
    ['variable on a fine grid', rate(60), rate(265, 10), false, rate(60)],
    ['a clock instead of a rate', rate(1000), rate(2997, 100), false, rate(30)],
    ['a slide show on a fine grid', rate(60), rate(1), false, rate(60)],
    ['fields instead of pictures', rate(50), rate(25), true, rate(25)],
    ['nothing known', undefined, undefined, false, rate(30)],
    ['only the average', undefined, rate(12), false, rate(12)],
    ['faster than any screen', rate(240000, 1001), rate(240000, 1001), false, rate(60000, 1001)],
    ['a third of 144', rate(144), rate(144), false, rate(48)],
    ['measured a little above 60', rate(6003, 100), rate(6003, 100), false, rate(60)],
    ['slow motion', rate(1000), rate(1000), false, rate(60)],
    ['time lapse', rate(1, 10), rate(1, 10), false, rate(1000, 1000)],
    ['near NTSC', rate(2997, 100), rate(2997, 100), false, rate(30000, 1001)],
    ['none that is usual', rate(25, 2), rate(25, 2), false, rate(12500, 1000)],
    ['slides', rate(5, 3), rate(1), false, rate(10_000, 1000)],
    ['a camera a little faster than it began', rate(30), rate(303, 10), false, rate(30300, 1000)],
    ['twice as fast later on', rate(30), rate(45), false, rate(60)],
  ])('%s', (_, real, average, isInterlaced, expected) => {
    expect(chooseFrameRate({ real, average, isInterlaced }).frameRate).toEqual(expected);
  });

  test.each([
    [rate(60), undefined],
    [rate(90), 2],
    [rate(144), 3],
    [rate(240000, 1001), 4],
    [rate(1000), undefined],
  ])('leaves pictures of %o out by the whole number', (pace, decimation) => {
    expect(chooseFrameRate({ real: pace, average: pace, isInterlaced: false }).decimation).toBe(decimation);
  });
});

describe('the grid rate of pictures whose times are known', () => {
  /** Pictures at paces that follow one another: how many of each, and how many a second. */
  const timesOf = (...paces: readonly (readonly [count: number, rate: number])[]): readonly number[] => {
    let seconds = 0;
    return paces.flatMap(([count, rate]) => Array.from({ length: count }, () => (seconds += 1 / rate)));
  };
  const chosen = (real: Rational, pictureSeconds: readonly number[]): Rational => {
    const lengthSeconds = (pictureSeconds.at(-1) ?? 0) - (pictureSeconds[0] ?? 0);
    const average = { num: (pictureSeconds.length - 1) * 1000, den: Math.round(lengthSeconds * 1000) };
    return chooseFrameRate({ real, average, isInterlaced: false, pictureSeconds }).frameRate;
  };
  const rate = (num: number, den = 1): Rational => ({ num, den });

  test.each([
    ['all find a place', rate(30), timesOf([3000, 29.9]), rate(30)],
    ['a little faster than usual', rate(30), timesOf([3000, 30.05]), rate(30_051, 1000)],
    ['a clock, and a little faster', rate(1000), timesOf([3000, 30.2]), rate(30_200, 1000)],
    ['twice as fast later on, on the points of a grid', rate(30), timesOf([300, 30], [300, 60]), rate(60)],
    ['a cinema and then television', rate(24), timesOf([301, 24], [300, 30]), rate(30)],
    ['two pictures at once are not worth a grid', rate(25), [...timesOf([2500, 25]), 100.001], rate(25)],
    ['as fast as a screen at the most', rate(60), timesOf([300, 60], [300, 75]), rate(60)],
    ['one picture', rate(25), [0], rate(25)],
  ])('%s', (_, real, pictureSeconds, expected) => {
    expect(chosen(real, pictureSeconds)).toEqual(expected);
  });
});
