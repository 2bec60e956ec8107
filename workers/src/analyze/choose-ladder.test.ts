import { type VideoRendition, videoRenditionSchema } from '@mediaflow/shared/rendition';
import { describe, expect, it } from 'vitest';
import { chooseLadder, type RungTrials } from './choose-ladder.ts';
import type { TrialPoint } from './trial-curve.ts';

function rendition(shortSide: number): VideoRendition {
  return videoRenditionSchema.parse({
    ...{ kind: 'video', id: `v${shortSide}`, codec: 'h264', preset: 'medium', threads: 1, width: shortSide * 2, height: shortSide },
    ...{ frameRate: { num: 25, den: 1 }, level: '4.0', codecs: 'avc1.640028', crf: 21, maxBitrateBps: 5_000_000, bufferBits: 5_000_000 },
  });
}

interface Traits {
  readonly shortSide: number;
  /** SSIM of plus at its own rate factor of 21, for `bitrateBps`. */
  readonly ssim: number;
  readonly screenSsim: number;
  readonly bitrateBps: number;
}

const DECIBELS_A_STEP = 0.45;
const LOG_RATE_A_STEP = 0.12;
/** How many steps of the rate factor a slower preset is ahead for the same picture, and what that saves. */
const PRESET_STEPS = 3;

/** An encoder that gains and costs the same with every step of its rate factor. */
function point({ ssim, screenSsim, bitrateBps }: Traits, crf: number, gain: number): TrialPoint {
  const steps = 21 + gain - crf;
  const better = (value: number): number => 1 - (1 - value) * 10 ** ((-DECIBELS_A_STEP * steps) / 10);
  const saving = gain > 0 ? 0.8 : 1;
  return { crf, ssim: better(ssim), screenSsim: better(screenSsim), bitrateBps: bitrateBps * saving * Math.exp(LOG_RATE_A_STEP * steps) };
}

const trials = (traits: Traits): RungTrials => ({
  rendition: rendition(traits.shortSide),
  plusCrf: 21,
  plus: [21, 17].map((crf) => point(traits, crf, 0)),
  premium: [19, 23, 27].map((crf) => point(traits, crf, PRESET_STEPS)),
});

const TYPICAL: readonly Traits[] = [
  { shortSide: 1080, ssim: 0.985, screenSsim: 0.985, bitrateBps: 4_000_000 },
  { shortSide: 720, ssim: 0.985, screenSsim: 0.965, bitrateBps: 2_000_000 },
  { shortSide: 480, ssim: 0.985, screenSsim: 0.935, bitrateBps: 1_000_000 },
  { shortSide: 240, ssim: 0.98, screenSsim: 0.88, bitrateBps: 300_000 },
];
const changed = (shortSide: number, change: Partial<Traits>): readonly Traits[] =>
  TYPICAL.map((traits) => (traits.shortSide === shortSide ? { ...traits, ...change } : traits));

describe('chooseLadder', () => {
  it("gives every rung plus's picture for fewer bits, and says how many", () => {
    const { renditions, savings } = chooseLadder(TYPICAL.map(trials));
    expect(renditions.map(({ id, crf }) => [id, crf])).toEqual([
      ['v1080', 24],
      ['v720', 24],
      ['v480', 24],
    ]);
    expect(savings.map(({ renditionId }) => renditionId)).toEqual(['v1080', 'v720', 'v480']);
    for (const { ssim, premiumBitrateBps, plusBitrateBps } of savings) {
      expect(ssim).toBeCloseTo(0.985, 3);
      expect(premiumBitrateBps / plusBitrateBps).toBeCloseTo(0.8, 2);
    }
  });

  it.each([
    { name: 'a rung that looks no better than the one below', film: changed(720, { screenSsim: 0.938 }), kept: ['v1080', 'v480'] },
    { name: 'a rung that costs no more than the one below', film: changed(720, { bitrateBps: 1_100_000 }), kept: ['v1080', 'v480'] },
    { name: 'a rung that the largest makes useless', film: changed(720, { bitrateBps: 3_700_000 }), kept: ['v1080', 'v480'] },
    { name: 'a rung no better than the opening', film: changed(480, { screenSsim: 0.882 }), kept: ['v1080', 'v720'] },
    {
      name: 'all between opening and largest, of a film that any rung shows well',
      film: TYPICAL.map((traits) => ({ ...traits, screenSsim: 0.99 })),
      kept: ['v1080'],
    },
  ])('leaves out $name', ({ film, kept }) => {
    const { renditions, savings } = chooseLadder(film.map(trials));
    expect(renditions.map(({ id }) => id)).toEqual(kept);
    expect(savings.map(({ renditionId }) => renditionId)).toEqual(kept);
  });

  it('spends more than plus where plus is poor, up to the finest trial', () => {
    const { renditions, savings } = chooseLadder(changed(1080, { ssim: 0.93, screenSsim: 0.97 }).map(trials));
    expect(renditions[0]?.crf).toBe(19);
    expect(savings[0]?.ssim).toBeGreaterThan(0.955);
    expect(savings[0]?.premiumBitrateBps).toBeGreaterThan(4_000_000);
    // Plus itself would have to spend more for that picture.
    expect(savings[0]?.plusBitrateBps).toBeGreaterThan(savings[0]?.premiumBitrateBps ?? 0);
  });

  it.each([
    { rungs: [], kept: [] },
    { rungs: TYPICAL.slice(-1), kept: [] },
    { rungs: TYPICAL.slice(-2), kept: ['v480'] },
  ])('with $rungs.length sizes', ({ rungs, kept }) => {
    expect(chooseLadder(rungs.map(trials)).renditions.map(({ id }) => id)).toEqual(kept);
  });

  it('copes with a film in which nothing is to be seen', () => {
    const black = TYPICAL.map((traits) => ({ ...traits, ssim: 1, screenSsim: 1, bitrateBps: 20_000 }));
    const { renditions, savings } = chooseLadder(black.map(trials));
    expect(renditions.map(({ id }) => id)).toEqual(['v1080']);
    expect(savings.every(({ premiumBitrateBps, plusBitrateBps }) => premiumBitrateBps > 0 && plusBitrateBps > 0)).toBe(true);
  });
});
