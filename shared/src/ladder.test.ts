import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LadderOptions, planRenditions } from './ladder.ts';
import { isExtra, shortSideOf, shortSideOfId, type VideoRendition } from './rendition.ts';
import { makeSource, type SourceTraits } from './testing/sources.ts';
import { fixTimeline } from './timeline.ts';

function plan(traits: SourceTraits, options?: LadderOptions) {
  const source = makeSource({ videoSeconds: 10, ...traits });
  return planRenditions(source, fixTimeline(source), options);
}
const idsOf = (traits: SourceTraits, options: LadderOptions): readonly string[] => plan(traits, options).map(({ id }) => id);

const videosOf = (traits: SourceTraits): readonly VideoRendition[] => plan(traits).filter((rendition) => rendition.kind === 'video');
const sizes = (traits: SourceTraits): readonly string[] => videosOf(traits).map(({ width, height }) => `${width}x${height}`);

describe('planRenditions', () => {
  it.each([
    { name: 'full HD', width: 1920, height: 1080, expected: ['1920x1080', '1280x720', '854x480', '640x360', '426x240'] },
    { name: 'portrait', width: 1080, height: 1920, expected: ['1080x1920', '720x1280', '480x854', '360x640', '240x426'] },
    { name: 'square', width: 720, height: 720, expected: ['720x720', '480x480', '360x360', '240x240'] },
    { name: '21:9', width: 2560, height: 1080, expected: ['2560x1080', '1706x720', '1138x480', '854x360', '568x240'] },
    { name: 'between rungs', width: 1600, height: 900, expected: ['1600x900', '1280x720', '854x480', '640x360', '426x240'] },
    { name: 'just above a rung', width: 1366, height: 768, expected: ['1280x720', '854x480', '640x360', '426x240'] },
    { name: 'smaller than the ladder', width: 320, height: 180, expected: ['320x180'] },
    { name: 'odd', width: 321, height: 181, expected: ['322x182'] },
    { name: 'two by two', width: 2, height: 2, expected: ['2x2'] },
    {
      name: '8K',
      width: 7680,
      height: 4320,
      expected: ['3840x2160', '2560x1440', '1920x1080', '1280x720', '854x480', '640x360', '426x240'],
    },
  ])('for $name', ({ width, height, expected }) => {
    expect(sizes({ width, height })).toEqual(expected);
  });

  it('never upscales by more than the pixel that makes a side even, and never deforms', () => {
    const side = fc.integer({ min: 2, max: 8192 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        for (const rendition of videosOf({ width, height })) {
          expect(rendition.width % 2).toBe(0);
          expect(rendition.height % 2).toBe(0);
          expect(shortSideOf(rendition)).toBeLessThanOrEqual(Math.min(width, height) + 1);
          expect(shortSideOfId(rendition.id)).toBe(shortSideOf(rendition));
          const scale = shortSideOf(rendition) / Math.min(width, height);
          expect(Math.abs(Math.max(rendition.width, rendition.height) - Math.max(width, height) * scale)).toBeLessThanOrEqual(
            1 + Math.max(width, height) / Math.min(width, height),
          );
        }
      }),
    );
  });

  it('names each rendition once', () => {
    const ids = plan({ width: 3840, height: 2160, audioSeconds: 10 }).map(({ id }) => id);
    expect(ids).toEqual(['v2160', 'v1440', 'v1080', 'v720', 'v480', 'v360', 'v240', 'a0']);
  });

  it.each([
    { rate: '30/1', width: 1920, height: 1080, codecs: 'avc1.640028' },
    { rate: '60/1', width: 1920, height: 1080, codecs: 'avc1.64002a' },
    { rate: '60/1', width: 1280, height: 720, codecs: 'avc1.640020' },
    { rate: '30/1', width: 640, height: 360, codecs: 'avc1.64001e' },
    { rate: '25/1', width: 426, height: 240, codecs: 'avc1.640015' },
    { rate: '30/1', width: 3840, height: 2160, codecs: 'avc1.640033' },
    { rate: '60/1', width: 3840, height: 2160, codecs: 'avc1.640034' },
  ])('states level $codecs for $widthx$height at $rate', ({ rate, width, height, codecs }) => {
    expect(videosOf({ rate, width, height })[0]?.codecs).toBe(codecs);
  });

  it('gives fast pictures half as much again', () => {
    expect(videosOf({ rate: '60/1' })[0]?.maxBitrateBps).toBe(7_500_000);
    expect(videosOf({ rate: '30/1' })[0]?.maxBitrateBps).toBe(5_000_000);
  });

  it('makes only sound of sound', () => {
    const source = makeSource({ audioSeconds: 10 });
    expect(planRenditions(source, fixTimeline(source)).map(({ id }) => id)).toEqual(['a0']);
  });

  it.each([
    { name: 'full HD', width: 1920, height: 1080, expected: ['v1080', 'v360'] },
    { name: '4K, which basic does not keep', width: 3840, height: 2160, expected: ['v1080', 'v360'] },
    { name: '720p', width: 1280, height: 720, expected: ['v720', 'v360'] },
    { name: 'between rungs', width: 1600, height: 900, expected: ['v900', 'v360'] },
    { name: '480p', width: 854, height: 480, expected: ['v480', 'v240'] },
    { name: 'portrait', width: 360, height: 640, expected: ['v360', 'v240'] },
    { name: 'tiny', width: 320, height: 180, expected: ['v180'] },
    { name: 'a native rung just above 1080, where only that fits', width: 1300, height: 1300, expected: ['v1080', 'v360'] },
  ])('basic makes two sizes of $name', ({ width, height, expected }) => {
    expect(idsOf({ width, height }, { quality: 'basic' })).toEqual(expected);
  });

  it('basic is coded faster and coarser than plus', () => {
    const [basic] = plan({}, { quality: 'basic' });
    const [plus] = plan({}, { quality: 'plus' });
    expect([basic, plus]).toMatchObject([
      { preset: 'superfast', crf: 25 },
      { preset: 'veryfast', crf: 21 },
    ]);
  });

  it("premium begins with plus's smallest picture and all the sound", () => {
    const traits = { audioSeconds: 10 };
    const plus = plan(traits, { quality: 'plus' });
    expect(plan(traits, { quality: 'premium', secondCodec: 'av1' })).toEqual(plus.filter(({ id }) => id === 'v240' || id === 'a0'));
  });

  it.each([
    { codec: 'av1', width: 1920, height: 1080, expected: ['v1080-av1', 'v720-av1'] },
    { codec: 'hevc', width: 3840, height: 2160, expected: ['v2160-hevc', 'v1440-hevc', 'v1080-hevc'] },
    { codec: 'hevc', width: 320, height: 180, expected: ['v180-hevc'] },
    { codec: 'av1', width: 4000, height: 32, expected: [] },
  ] as const)('adds the upper sizes of $width x $height in $codec, for fewer bits', ({ codec, width, height, expected }) => {
    const renditions = plan({ width, height }, { secondCodec: codec });
    const extras = renditions.filter(isExtra);
    expect(extras.map(({ id }) => id)).toEqual(expected);
    for (const extra of extras) {
      const like = renditions.find(({ id }) => id === extra.id.replace(`-${codec}`, ''));
      if (extra.kind !== 'video' || like?.kind !== 'video') throw new Error('no H.264 rendition of this size');
      expect(extra).toMatchObject({ codec, width: like.width, height: like.height, threads: 1 });
      expect(extra.maxBitrateBps).toBeLessThan(0.75 * like.maxBitrateBps);
    }
  });

  it('adds no second codec where none is asked for, and no picture to sound', () => {
    expect(plan({ audioSeconds: 10 }).some(isExtra)).toBe(false);
    const source = makeSource({ audioSeconds: 10 });
    expect(planRenditions(source, fixTimeline(source), { quality: 'basic', secondCodec: 'hevc' }).map(({ id }) => id)).toEqual(['a0']);
  });
});
