import { describe, expect, it } from 'vitest';
import { qualityChoices, qualityLabel } from './quality.ts';

const rendition = (width: number, height: number, bitrateBps = 1_000_000) => ({ width, height, bitrateBps });

describe('qualityChoices', () => {
  it('lists from sharp to coarse, with the engine’s own indices, and automatic last', () => {
    expect(qualityChoices([rendition(426, 240), rendition(1280, 720), rendition(640, 360)])).toEqual([
      { index: 1, label: '720p' },
      { index: 2, label: '360p' },
      { index: 0, label: '240p' },
      { index: -1, label: 'Auto' },
    ]);
  });

  it('names a portrait rung by its short side', () => {
    expect(qualityChoices([rendition(1080, 1920)])[0]).toEqual({ index: 0, label: '1080p' });
  });

  it('tells two of one size apart by their bit rate', () => {
    expect(qualityChoices([rendition(1280, 720, 1_500_000), rendition(1280, 720, 2_800_000)]).map(({ label }) => label)).toEqual([
      '720p (2.8 Mbit/s)',
      '720p (1.5 Mbit/s)',
      'Auto',
    ]);
  });

  it('offers automatic alone for a stream without pictures', () => expect(qualityChoices([])).toEqual([{ index: -1, label: 'Auto' }]));
});

describe('qualityLabel', () => {
  it.each([
    [{ isAuto: true, shortSide: 720 }, 'Auto · 720p'],
    [{ isAuto: false, shortSide: 1080 }, '1080p'],
    [{ isAuto: true, shortSide: undefined }, 'Auto'],
  ])('%j', (options, expected) => expect(qualityLabel(options)).toBe(expected));
});
