import { describe, expect, test } from 'vitest';
import { colourOf, type ProbedColour } from './video-colour.ts';

const SD = { width: 720, height: 480, pix_fmt: 'yuv420p' };
const BT709 = { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709' };
const BT601 = { matrix: 'smpte170m', primaries: 'smpte170m', transfer: 'bt709' };

describe('the colours of', () => {
  test.each<readonly [string, ProbedColour, object]>([
    [
      'a file that states them',
      { ...SD, color_space: 'bt709', color_primaries: 'smpte432', color_transfer: 'iec61966-2-1' },
      { matrix: 'bt709', primaries: 'smpte432', transfer: 'iec61966-2-1' },
    ],
    ['American television', SD, BT601],
    ['European television', { ...SD, height: 576 }, { ...BT601, matrix: 'bt470bg', primaries: 'bt470bg' }],
    ['a large picture', { ...SD, width: 1280, height: 536 }, BT709],
    ['a portrait', { ...SD, width: 720, height: 1280 }, BT709],
    ['a file that states the matrix alone', { ...SD, color_space: 'bt470bg' }, { ...BT601, matrix: 'bt470bg', primaries: 'bt470bg' }],
    ['what ffprobe does not know', { ...SD, color_space: 'unknown', color_primaries: 'reserved' }, BT601],
    ['a screen in RGB', { ...SD, pix_fmt: 'rgb24' }, { ...BT709, isRgb: true }],
    ['RGB in planes', { ...SD, pix_fmt: 'gbrp10le', color_space: 'gbr', color_range: 'pc' }, { ...BT709, isRgb: true, isFullRange: true }],
    ['luma that says it is RGB', { ...SD, color_space: 'gbr' }, BT601],
    [
      'the full range of a phone',
      { ...SD, pix_fmt: 'yuvj420p', color_range: 'pc', color_space: 'bt709' },
      { ...BT709, primaries: 'bt709', isFullRange: true },
    ],
  ])('%s', (_, stream, expected) => {
    expect(colourOf(stream, { isHdr: false })).toEqual(expected);
  });

  test.each<readonly [string, ProbedColour, object]>([
    ['luma', { ...SD, color_transfer: 'smpte2084' }, {}],
    ['RGB', { ...SD, color_transfer: 'smpte2084', pix_fmt: 'gbrp10le' }, { isRgb: true }],
  ])('high dynamic range in %s that states nothing else', (_, stream, more) => {
    expect(colourOf(stream, { isHdr: true })).toEqual({ matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'smpte2084', ...more });
  });
});
