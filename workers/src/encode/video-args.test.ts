import type { VideoRendition } from '@mediaflow/shared/rendition';
import type { Source } from '@mediaflow/shared/source';
import type { Timeline } from '@mediaflow/shared/timeline';
import { describe, expect, test } from 'vitest';
import { inputGuards } from '../ffmpeg/command.ts';
import { gridOf } from './grid.ts';
import { levelOf } from './scale-filters.ts';
import { leadOf, videoSeeks } from './seek.ts';
import { type VideoEncode, videoCommand } from './video-args.ts';

const video: NonNullable<Source['video']> = {
  index: 0,
  codec: 'h264',
  width: 1920,
  height: 1080,
  frameRate: { num: 24, den: 1 },
  startMs: 0,
  endMs: 60_000,
  pixelFormat: 'yuv420p',
  isInterlaced: false,
  isHdr: false,
};
const source: Source = { demuxer: 'mov', sizeBytes: 1, startMs: 0, durationMs: 60_000, video, audio: [], text: [], warnings: [] };
const timeline: Timeline = { frameRate: { num: 24, den: 1 }, framesPerSegment: 96, frameCount: 1440, segmentCount: 15 };
const rendition = (shortSide: number): VideoRendition => ({
  kind: 'video',
  id: `v${shortSide}`,
  codec: 'h264',
  preset: 'veryfast',
  threads: 1,
  width: Math.round((shortSide * 16) / 9),
  height: shortSide,
  frameRate: timeline.frameRate,
  level: '3.1',
  codecs: 'avc1.64001f',
  crf: 21,
  maxBitrateBps: 2_800_000,
  bufferBits: 2_800_000,
});
const encode: VideoEncode = {
  source,
  timeline,
  targets: [
    { number: 2, renditions: [rendition(720), rendition(360)] },
    { number: 3, renditions: [rendition(360)] },
  ],
  seekSeconds: 7,
  threads: { decoder: 1, filters: 1 },
  inputPath: '/scratch/source',
  outputPathOf: ({ id }, number) => `/scratch/${id}.${number}.mp4`,
};
const withVideo = (changes: Partial<typeof video>): Source => ({ ...source, video: { ...video, ...changes } });

describe('the video command', () => {
  test('samples the absolute grid once, and gives every segment of every rendition its own scalers and encoder', () => {
    const command = videoCommand(encode);
    expect(command.inputOptions).toEqual([
      ...['-v', 'level+warning', '-max_error_rate', '1', '-filter_complex_threads', '1', '-copyts', '-noaccurate_seek', '-threads', '1'],
      ...['-seek_timestamp', '1', '-ss', '7.000000'],
      ...inputGuards('mov'),
    ]);
    expect(command.filters).toEqual([
      "[0:0]settb=AVTB,setpts='round((floor((T-(0.000000))*24/1+0.501))/(24/1)/TB)',settb=1/24,fps=24/1,tpad=stop_mode=clone:stop=384," +
        'trim=start_pts=192:end_pts=384,split=2[p2][p3]',
      '[p2]trim=start_pts=192:end_pts=288,format=yuv420p,split=2[p2m0][p2l1]',
      '[p2m0]null[p2s0_0]',
      '[p2s0_0]scale=1280:720,setsar=1,format=yuv420p[v720.2]',
      '[p2l1]scale=960:540,format=yuv420p[p2m1]',
      '[p2m1]null[p2s1_0]',
      '[p2s1_0]scale=640:360,setsar=1,format=yuv420p[v360.2]',
      '[p3]trim=start_pts=288:end_pts=384,format=yuv420p[p3l1]',
      '[p3l1]scale=960:540,format=yuv420p[p3m1]',
      '[p3m1]null[p3s1_0]',
      '[p3s1_0]scale=640:360,setsar=1,format=yuv420p[v360.3]',
    ]);
    expect(command.outputs.map(({ path }) => path)).toEqual(['/scratch/v720.2.mp4', '/scratch/v360.2.mp4', '/scratch/v360.3.mp4']);
    expect(command.outputs[0]?.options.join(' ')).toMatch(/^-map \[v720\.2\] -fps_mode passthrough -c:v libx264 .*-threads 1 .*-f mp4$/);
  });

  test.each<readonly [string, Partial<VideoEncode>, RegExp]>([
    ['from the beginning, the first picture stands for what precedes it', { seekSeconds: undefined }, /fps=24\/1:start_time=0,tpad/],
    [
      'interlaced pictures are made whole before they are sampled',
      { source: withVideo({ isInterlaced: true }) },
      /^\[0:0\]scale=iw:ih,format=yuv420p,bwdif=mode=send_frame,settb/,
    ],
  ])('%s', (_, changes, pattern) => {
    expect(videoCommand({ ...encode, ...changes }).filters[0]).toMatch(pattern);
  });

  test('HDR is tone-mapped once for each size that renditions are scaled from', () => {
    const filters = videoCommand({ ...encode, source: withVideo({ isHdr: true }) }).filters.join(';');
    expect(filters.match(/tonemap=mobius/g)).toHaveLength(3);
    expect(filters).toMatch(
      /\[p3l1\]scale=960:540,format=yuv420p10le\[p3m1\];\[p3m1\]zscale=threads=1:transfer=linear.*,format=yuv420p\[p3s1_0\]/,
    );
  });

  test('a source without a picture has no such command', () => {
    const { video: _, ...silent } = source;
    expect(() => videoCommand({ ...encode, source: silent })).toThrow(TypeError);
  });
});

describe('halves that a rendition is scaled from', () => {
  test.each([
    ['its own size', 1920, 1080, 1080, 0],
    ['two thirds', 1920, 1080, 720, 0],
    ['a half exactly', 3840, 2160, 1080, 1],
    ['less than a half', 1920, 1080, 480, 1],
    ['less than a quarter', 1920, 1080, 240, 2],
    ['odd sides', 321, 181, 90, 1],
    ['the smallest there is', 64, 36, 4, 3],
  ])('%s', (_, width, height, shortSide, level) => {
    expect(levelOf({ ...video, width, height }, rendition(shortSide))).toBe(level);
  });
});

describe('the grid', () => {
  test.each([
    ['starts at the container', 0, 0, { originSeconds: 0, firstFrame: 0, endFrame: 1440 }],
    [
      'keeps the phase of a late picture, for sound too',
      0,
      1_010,
      { originSeconds: expect.closeTo(0.01, 9), firstFrame: 24, endFrame: 1440 },
    ],
    ['follows a container that starts elsewhere', 95_440_000, 0, { originSeconds: 95_440, firstFrame: 0, endFrame: 1440 }],
  ] as const)('%s', (_, startMs, videoStartMs, expected) => {
    expect(gridOf({ ...withVideo({ startMs: videoStartMs, endMs: 60_000 + (videoStartMs % 1000) }), startMs }, timeline)).toEqual(expected);
  });
});

describe('places to begin reading', () => {
  const half = 0.449 / 24;
  const near = (seconds: number): number => expect.closeTo(seconds, 9);
  test.each<readonly [string, Source, number, readonly (number | undefined)[]]>([
    ['the beginning', source, 0, [undefined]],
    ['an indexed file leads to the keyframe itself', source, 96, [near(4 + half), undefined]],
    ['and is asked for earlier ones after that', source, 1_344, [near(56 + half), near(48 + half), undefined]],
    ['a file without an index', { ...source, demuxer: 'mpegts' }, 1_200, [near(38 + half), undefined]],
    ['interlaced pictures need some before them', withVideo({ isInterlaced: true }), 96, [near(93 / 24 + half), undefined]],
    ['every other picture is left out', withVideo({ decimation: 2 }), 96, [near((96 + 0.2) / 24), undefined]],
    ['a late clock', { ...source, startMs: 95_440_000 }, 96, [near(95_444 + half), undefined]],
    ['after the last picture', withVideo({ endMs: 10_000 }), 1_200, [near(239 / 24 + half), near(239 / 24 + half - 8), undefined]],
  ])('%s', (_, from, first, expected) => {
    expect(videoSeeks(from, timeline, { first, count: 96 })).toEqual(expected);
  });

  test('a film of hours is not read from its beginning but after all else', () => {
    const film = { ...timeline, frameCount: 172_800, segmentCount: 1_800 };
    const seeks = videoSeeks(withVideo({ endMs: 7_200_000 }), film, { first: 144_000, count: 96 });
    expect(seeks.map((seek) => (seek === undefined ? seek : Math.round(seek)))).toEqual([6_000, 5_992, 5_940, 5_600, 4_000, undefined]);
  });

  test.each([
    ['at the window', 4, 0],
    ['before it', 1, 3],
    ['from the beginning', undefined, 4],
  ])('lead %s', (_, seekSeconds, expected) => {
    expect(leadOf(seekSeconds, source, timeline, { first: 96, count: 96 })).toBe(expected);
  });
});
