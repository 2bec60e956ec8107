import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peakBitrateBps, planRenditions, shortSideOf, shortSideOfId, type VideoRendition } from './ladder.ts';
import { makeSource, type SourceTraits } from './testing/sources.ts';
import { fixTimeline } from './timeline.ts';

function plan(traits: SourceTraits) {
  const source = makeSource({ videoSeconds: 10, ...traits });
  return planRenditions(source, fixTimeline(source));
}

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

  it('promises no peak below what the buffer allows', () => {
    const [top] = videosOf({});
    if (top === undefined) throw new Error('no rendition');
    expect(peakBitrateBps(top, 4)).toBeGreaterThan(top.maxBitrateBps + top.bufferBits / 4);
  });

  it('makes only sound of sound', () => {
    const source = makeSource({ audioSeconds: 10 });
    expect(planRenditions(source, fixTimeline(source)).map(({ id }) => id)).toEqual(['a0']);
  });
});
