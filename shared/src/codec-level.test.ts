import { describe, expect, it } from 'vitest';
import { codecLevel } from './codec-level.ts';

const hd = { width: 1920, height: 1080, framesPerSecond: 30, maxBitrateBps: 5_000_000 };

describe('codecLevel', () => {
  // Expected values are what x264, x265 and SVT-AV1 write for these pictures, checked by the tests of workers/src/encode.
  it.each([
    { codec: 'h264', picture: hd, level: '4.0', codecs: 'avc1.640028' },
    { codec: 'h264', picture: { ...hd, maxBitrateBps: 26_000_000 }, level: '4.2', codecs: 'avc1.64002a' },
    { codec: 'h264', picture: { ...hd, width: 6_000, height: 2 }, level: '5.0', codecs: 'avc1.640032' },
    { codec: 'hevc', picture: hd, level: '4.0', codecs: 'hvc1.1.6.L120.90' },
    { codec: 'hevc', picture: { ...hd, framesPerSecond: 60 }, level: '4.1', codecs: 'hvc1.1.6.L123.90' },
    { codec: 'hevc', picture: { ...hd, width: 1280, height: 720 }, level: '3.1', codecs: 'hvc1.1.6.L93.90' },
    { codec: 'hevc', picture: { ...hd, width: 640, height: 360, maxBitrateBps: 800_000 }, level: '2.1', codecs: 'hvc1.1.6.L63.90' },
    { codec: 'hevc', picture: { ...hd, maxBitrateBps: 13_000_000 }, level: '4.1', codecs: 'hvc1.1.6.L123.90' },
    { codec: 'hevc', picture: { ...hd, width: 3840, height: 2160 }, level: '5.0', codecs: 'hvc1.1.6.L150.90' },
    { codec: 'av1', picture: hd, level: '4.0', codecs: 'av01.0.08M.08' },
    { codec: 'av1', picture: { ...hd, framesPerSecond: 60 }, level: '4.1', codecs: 'av01.0.09M.08' },
    { codec: 'av1', picture: { ...hd, width: 1280, height: 720 }, level: '3.1', codecs: 'av01.0.05M.08' },
    { codec: 'av1', picture: { ...hd, width: 320, height: 180, maxBitrateBps: 500_000 }, level: '2.0', codecs: 'av01.0.00M.08' },
    { codec: 'av1', picture: { ...hd, width: 1080, height: 1920 }, level: '4.0', codecs: 'av01.0.08M.08' },
    { codec: 'av1', picture: { ...hd, width: 1600, height: 3600 }, level: '5.0', codecs: 'av01.0.12M.08' },
    { codec: 'av1', picture: { ...hd, width: 3840, height: 2160, framesPerSecond: 60 }, level: '5.1', codecs: 'av01.0.13M.08' },
  ] as const)('$codec of $picture is level $level', ({ codec, picture, level, codecs }) => {
    expect(codecLevel(codec, picture)).toEqual({ level, codecs });
  });

  it.each(['h264', 'hevc', 'av1'] as const)('states the highest level of %s for what no level holds', (codec) => {
    expect(codecLevel(codec, { ...hd, width: 60_000, height: 60_000 }).level).toBe('6.2');
  });
});
