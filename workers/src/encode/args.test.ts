import type { AudioRendition, VideoRendition } from '@mediaflow/shared/ladder';
import type { Source } from '@mediaflow/shared/source';
import type { Timeline } from '@mediaflow/shared/timeline';
import { describe, expect, test } from 'vitest';
import { type AudioEncode, audioCommand, encodedFrom } from './audio-args.ts';
import { gridOf } from './grid.ts';
import { videoSeeks } from './seek.ts';
import { type VideoEncode, videoCommand } from './video-args.ts';

const source: Source = {
  demuxer: 'mov',
  sizeBytes: 1,
  startMs: 0,
  durationMs: 60_000,
  video: {
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
  },
  audio: [{ index: 1, codec: 'aac', channels: 2, sampleRateHz: 44_100, startMs: 0, endMs: 60_000, isSeekExact: true }],
};
const timeline: Timeline = {
  frameRate: { num: 24, den: 1 },
  framesPerSegment: 96,
  frameCount: 1440,
  segmentCount: 15,
  audioSampleCount: 2_880_000,
};
const rendition = (shortSide: number): VideoRendition => ({
  kind: 'video',
  id: `v${shortSide}`,
  width: Math.round((shortSide * 16) / 9),
  height: shortSide,
  frameRate: timeline.frameRate,
  level: '3.1',
  codecs: 'avc1.64001f',
  crf: 21,
  maxBitrateBps: 2_800_000,
  bufferBits: 2_800_000,
});
const video: VideoEncode = {
  source,
  timeline,
  renditions: [rendition(720), rendition(360)],
  frames: { first: 192, count: 192 },
  threads: 1,
  seekSeconds: 7,
  inputPath: '/scratch/source',
  outputPathOf: ({ id }) => `/scratch/${id}.mp4`,
};
const withVideo = (changes: Partial<NonNullable<Source['video']>>): Source => ({
  ...source,
  ...(source.video && { video: { ...source.video, ...changes } }),
});

describe('the video command', () => {
  test('samples the absolute grid once and scales from rung to rung', () => {
    const command = videoCommand(video);
    expect(command.inputOptions.join(' ')).toBe(
      '-copyts -noaccurate_seek -threads 1 -ss 7.000 -f mov -protocol_whitelist file -max_pixels 35651584',
    );
    expect(command.filters).toEqual([
      "[0:0]settb=AVTB,setpts='round(floor((T-(0.000000))*24/1+0.501)/(24/1)/TB)',settb=1/24,fps=24/1,trim=start_pts=192:end_pts=384," +
        'scale=1280:720,setsar=1,format=yuv420p,split[v720][below1]',
      '[below1]scale=640:360,setsar=1,format=yuv420p[v360]',
    ]);
    expect(command.outputs.map(({ path }) => path)).toEqual(['/scratch/v720.mp4', '/scratch/v360.mp4']);
    expect(command.outputs[0]?.options.join(' ')).toBe(
      '-map [v720] -fps_mode passthrough -c:v libx264 -preset veryfast -profile:v high -level:v 3.1 -crf 21 -maxrate 2800000 -bufsize 2800000 ' +
        '-g 96 -keyint_min 96 -sc_threshold 0 -x264-params open-gop=0:stitchable=1:vbv-init=0.6 -threads 1 ' +
        '-flags:v +bitexact -bsf:v filter_units=remove_types=6 -video_track_timescale 1008 ' +
        '-map_metadata -1 -fflags +bitexact -movflags +empty_moov+default_base_moof+frag_keyframe -f mp4',
    );
  });

  test.each<readonly [string, Partial<VideoEncode>, RegExp]>([
    [
      'from the beginning, the first picture stands for what precedes it',
      { seekSeconds: 0, frames: { first: 0, count: 192 } },
      /fps=24\/1:start_time=0\.000000,trim=start_pts=0:end_pts=192/,
    ],
    [
      'at the end, the last picture is held for the promised time and a second more',
      { frames: { first: 1344, count: 96 } },
      /fps=24\/1,tpad=stop_mode=clone:stop=24,trim=start_pts=1344:end_pts=1440/,
    ],
    [
      'interlaced pictures are made whole before they are sampled',
      { source: withVideo({ isInterlaced: true }) },
      /^\[0:0\]bwdif=mode=send_frame,settb/,
    ],
    [
      'HDR is tone-mapped once, after the first scaling',
      { source: withVideo({ isHdr: true }) },
      /scale=1280:720,zscale=transfer=linear.*tonemap=hable.*\[below1\]$/,
    ],
  ])('%s', (_, changes, pattern) => {
    expect(videoCommand({ ...video, ...changes }).filters[0]).toMatch(pattern);
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
  test.each([
    ['the beginning', source, 0, [0]],
    ['near the beginning', source, 12, [0]],
    ['an indexed file', source, 1200, [49, 20, 0]],
    ['a file without an index', { ...source, demuxer: 'mpegts' }, 1200, [38, 0]],
    ['after the last picture', withVideo({ endMs: 10_000 }), 1200, [expect.closeTo(8.958, 3), 0]],
  ] as const)('%s', (_, from, first, expected) => {
    expect(videoSeeks(from, timeline, { first, count: 96 })).toEqual(expected);
  });
});

describe('the audio command', () => {
  const rendition: AudioRendition = {
    kind: 'audio',
    id: 'a0',
    streamIndex: 1,
    codecs: 'mp4a.40.2',
    channels: 2,
    bitrateBps: 128_000,
    name: 'Default',
  };
  const audio: AudioEncode = {
    source,
    timeline,
    rendition,
    frames: { first: 1000, count: 188 },
    inputPath: '/scratch/source',
    outputPath: '/scratch/a0.mp4',
  };

  test('begins on a whole second before its pre-roll', () => {
    const command = audioCommand(audio);
    expect(encodedFrom(audio.frames)).toBe(976);
    // 976 frames are 20.82 s; from second 20 on, 39424 samples are passed over.
    expect(command.inputOptions.join(' ')).toBe(
      '-copyts -noaccurate_seek -threads 1 -ss 18.000 -f mov -protocol_whitelist file -max_pixels 35651584',
    );
    expect(command.filters).toEqual([
      "[0:1]asetpts='PTS-round(0.000000/TB)',atrim=start=20,asetpts=PTS-20/TB," +
        'aresample=48000:async=1:first_pts=0:min_hard_comp=0.02:ochl=stereo:rematrix_maxval=1:osf=fltp,apad,' +
        'atrim=start_pts=39424:end_pts=260608,asetpts=N[a0]',
    ]);
  });

  test('counts samples from the beginning where timestamps do not name them', () => {
    const [stream] = source.audio;
    const command = audioCommand({ ...audio, source: { ...source, audio: stream ? [{ ...stream, isSeekExact: false }] : [] } });
    expect(command.inputOptions).not.toContain('-ss');
    expect(command.filters[0]).toContain('atrim=start=0,asetpts=PTS-0/TB');
  });

  test('never begins after the end of the track', () => {
    const [stream] = source.audio;
    const command = audioCommand({ ...audio, source: { ...source, audio: stream ? [{ ...stream, endMs: 5_500 }] : [] } });
    expect(command.filters[0]).toContain('atrim=start=3,');
  });

  test('doubles a single channel instead of lowering it', () => {
    const [stream] = source.audio;
    const command = audioCommand({ ...audio, source: { ...source, audio: stream ? [{ ...stream, channels: 1 }] : [] } });
    expect(command.filters[0]).toContain('pan=stereo|c0=c0|c1=c0,aresample');
  });
});
