import { describe, expect, test } from 'vitest';
import { checkSource, checkStreams } from './limits.ts';
import { findFatalGap } from './mov/structure.ts';
import { parseProbe, toSource } from './parse.ts';
import { chooseDemuxer } from './sniff.ts';

const VIDEO = {
  index: 0,
  codec_type: 'video',
  codec_name: 'h264',
  width: 1920,
  height: 1080,
  r_frame_rate: '24/1',
  avg_frame_rate: '24/1',
  start_time: '0.000000',
  duration: '10.000000',
  pix_fmt: 'yuv420p',
};
const AUDIO = {
  index: 1,
  codec_type: 'audio',
  codec_name: 'aac',
  channels: 2,
  sample_rate: '48000',
  time_base: '1/48000',
  start_time: '0.000000',
  duration: '10.000000',
};
const FACTS = { demuxer: 'mov', sizeBytes: 1, measuredEnds: new Map<number, number>(), warnings: [] };
const source = (streams: readonly object[], format: object = { start_time: '0.000000', duration: '10.000000' }) =>
  toSource(parseProbe({ format, streams }), FACTS);

test('of several pictures the one that is switched on is taken', () => {
  const off = { ...VIDEO, disposition: { default: 0 } };
  expect(source([off, { ...VIDEO, index: 1, disposition: { default: 1 } }]).video?.index).toBe(1);
  expect(source([off, { ...off, index: 1 }]).video?.index).toBe(0);
});

describe('times count from where the timeline starts', () => {
  test('the first picture, when only priming precedes it', () => {
    const found = source(
      [
        { ...VIDEO, start_time: '1.423' },
        { ...AUDIO, start_time: '1.400' },
      ],
      { start_time: '1.400000', duration: '10.023' },
    );
    expect(found.startMs).toBe(1423);
    expect(found.video).toMatchObject({ startMs: 0, endMs: 10_000 });
    expect(found.audio[0]).toMatchObject({ startMs: -23, endMs: 9_977 });
  });

  test('the first picture at 60 a second, which is shorter than priming', () => {
    const streams = [
      { ...VIDEO, r_frame_rate: '60/1', avg_frame_rate: '60/1', start_time: '1.448' },
      { ...AUDIO, start_time: '1.400' },
    ];
    const found = source(streams, { start_time: '1.400000', duration: '10.048' });
    expect(found).toMatchObject({ startMs: 1448, video: { startMs: 0, endMs: 10_000 }, audio: [{ startMs: -48 }] });
  });

  test('the container, when the picture comes late', () => {
    const found = source([{ ...VIDEO, start_time: '3.000' }, AUDIO], { start_time: '0.000', duration: '13.000' });
    expect(found).toMatchObject({ startMs: 0, durationMs: 13_000, video: { startMs: 3_000, endMs: 13_000 } });
  });

  test('negative starts', () => {
    const found = source([{ ...VIDEO, start_time: '-2.340' }], { start_time: '-2.340', duration: '10' });
    expect(found).toMatchObject({ startMs: -2340, video: { startMs: 0, endMs: 10_000 } });
  });

  test('tags of Matroska count from the clock', () => {
    const probe = parseProbe({
      format: { format_name: 'matroska,webm', start_time: '0.300', duration: '10.300' },
      streams: [{ ...VIDEO, start_time: '0.300', duration: 'N/A', tags: { DURATION: '00:00:10.300000000' } }],
    });
    expect(toSource(probe, { ...FACTS, demuxer: 'matroska' }).video).toMatchObject({ startMs: 0, endMs: 10_000 });
  });
});

describe('streams', () => {
  test.each([
    ['90', 1080, 1920],
    ['-90', 1080, 1920],
    ['180', 1920, 1080],
    ['0', 1920, 1080],
    ['89', 1080, 1920],
    ['270', 1080, 1920],
    ['45', 1920, 1080],
  ])('a rotation of %s', (rotation, width, height) => {
    expect(source([{ ...VIDEO, side_data_list: [{}, { rotation }] }]).video).toMatchObject({ width, height });
  });

  test('PQ and HLG are high dynamic range', () => {
    for (const color_transfer of ['smpte2084', 'arib-std-b67']) expect(source([{ ...VIDEO, color_transfer }]).video?.isHdr).toBe(true);
    expect(source([{ ...VIDEO, color_transfer: 'bt709' }]).video?.isHdr).toBe(false);
  });

  test('pictures come late where only decoding times are known', () => {
    const probe = parseProbe({
      format: { start_time: '0', duration: '10' },
      streams: [{ ...VIDEO, has_b_frames: 2, r_frame_rate: '25/1' }],
    });
    expect(toSource(probe, { ...FACTS, demuxer: 'avi' }).video?.delayMs).toBe(80);
    expect(toSource(probe, FACTS).video?.delayMs).toBeUndefined();
  });

  test.each([
    ['of an AVI', { codec_tag_string: 'XVID' }, 80],
    ['of its own', { codec_tag_string: '[0][0][0][0]' }, undefined],
    ['with a time to be shown', { codec_tag_string: 'XVID', start_time: '0' }, undefined],
  ])('pictures in a Matroska come late in a track %s', (_, changes, delayMs) => {
    const { start_time: __, ...stream } = { ...VIDEO, has_b_frames: 2, r_frame_rate: '25/1' };
    const probe = parseProbe({ format: { start_time: '0', duration: '10' }, streams: [{ ...stream, ...changes }] });
    expect(toSource(probe, { ...FACTS, demuxer: 'matroska' }).video?.delayMs).toBe(delayMs);
  });

  test('timestamps that name samples', () => {
    expect(source([AUDIO]).audio[0]?.isSeekExact).toBe(true);
    expect(source([{ ...AUDIO, time_base: '1/1000' }]).audio[0]?.isSeekExact).toBe(false);
  });

  test('without a codec, or without channels, are no streams', () => {
    expect(() =>
      source([
        { ...VIDEO, codec_name: 'unknown' },
        { ...AUDIO, channels: 0 },
      ]),
    ).toThrow(/neither a picture nor sound/);
  });

  test('an angle in between is ignored, and said to be', () => {
    expect(source([{ ...VIDEO, side_data_list: [{ rotation: 45 }] }]).video?.isRotationIgnored).toBe(true);
    expect(source([{ ...VIDEO, side_data_list: [{ rotation: -90 }] }]).video?.isRotationIgnored).toBeUndefined();
  });

  test('sound in an unknown codec is left out with a warning', () => {
    const found = source([VIDEO, { ...AUDIO, codec_name: 'unknown' }]);
    expect(found).toMatchObject({ audio: [], warnings: [{ type: 'audio_tracks_dropped' }] });
    expect(source([VIDEO, AUDIO, { ...AUDIO, index: 2, codec_name: 'unknown' }]).warnings).toEqual([]);
  });

  test('output that is no probe at all', () => {
    for (const data of [undefined, {}, { streams: 1 }, { format: {}, streams: [{}] }])
      expect(() => parseProbe(data)).toThrow(/cannot be read/);
  });
});

describe('what is refused by headers alone', () => {
  const check = (...streams: readonly object[]) => checkStreams(parseProbe({ format: {}, streams }));
  test.each([
    ['more pixels than 8K', [{ ...VIDEO, width: 8192, height: 4354 }], 'limit_pixels', /8192 x 4354/],
    ['a side beyond 8192', [{ ...VIDEO, width: 16, height: 8194 }], 'limit_pixels', /16 x 8194/],
    ['more than a thousand pictures a second', [{ ...VIDEO, avg_frame_rate: '1001/1' }], 'limit_fps', /1001 pictures/],
    ['a codec that is not listed', [{ ...VIDEO, codec_name: 'magicyuv' }, AUDIO], 'unsupported_codec', /magicyuv/],
    ['sound in such a codec', [VIDEO, { ...AUDIO, codec_name: 'atrac3' }], 'unsupported_codec', /atrac3/],
    ['a picture in an unknown codec', [{ ...VIDEO, codec_name: 'unknown' }, AUDIO], 'unsupported_codec', /picture/],
    ['more streams than 64', Array.from({ length: 65 }, (_, index) => ({ ...AUDIO, index })), 'limit_streams', /65 streams/],
  ])('%s', (_, streams, code, message) => {
    expect(() => check(...streams)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message), isRetryable: false }));
  });

  test.each([
    ['8K', { width: 8192, height: 4352 }],
    ['one pixel wide', { width: 2, height: 8192 }],
    ['a thousand pictures a second', { avg_frame_rate: '1000/1' }],
  ])('but not %s', (_, traits) => {
    expect(() => check({ ...VIDEO, ...traits }, AUDIO)).not.toThrow();
  });

  test('pixels of an impossible shape', () => {
    const found = source([{ ...VIDEO, sample_aspect_ratio: '1000:1' }]);
    expect(() => checkSource(found)).toThrow(expect.objectContaining({ code: 'limit_pixels' }));
  });
});

describe('an MP4 without', () => {
  const box = (type: string, offset: number, sizeBytes: number) => ({ type, offset, headerBytes: 8, sizeBytes });
  test.each([
    ['anything missing', [box('ftyp', 0, 24), box('moov', 24, 76), box('mdat', 100, 900)], undefined],
    ['the end of its media', [box('ftyp', 0, 24), box('moov', 24, 76), box('mdat', 100, 2_500_900)], undefined],
    ['an index', [box('ftyp', 0, 24), box('mdat', 24, 976)], /index is missing/],
    ['the end of its index', [box('mdat', 0, 900), box('moov', 900, 200)], /part of its index/],
    ['any media', [box('ftyp', 0, 24), box('moov', 24, 976)], /nothing after its index/],
    ['boxes', [], /index is missing/],
  ] as const)('%s', (_, boxes, expected) => {
    const problem = findFatalGap(boxes, 1000);
    if (expected === undefined) expect(problem).toBeUndefined();
    else expect(problem).toMatch(expected);
  });
});

test('a type is looked up, not inherited', () => {
  for (const mime of ['constructor', '__proto__', 'video/unheard-of']) expect(() => chooseDemuxer(mime, Buffer.alloc(0))).toThrow();
  expect(chooseDemuxer('video/mp4', Buffer.alloc(0))).toBe('mov');
});
