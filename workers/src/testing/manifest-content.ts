import type { AudioRendition, TextRendition, VideoRendition } from '@mediaflow/shared/rendition';
import type { Timeline } from '@mediaflow/shared/timeline';
import type { ManifestContent } from '../package/multivariant-playlist.ts';

/** 10.01 s at 29.97 fps: two whole segments and a half. */
export const NTSC: Timeline = {
  frameRate: { num: 30000, den: 1001 },
  framesPerSegment: 120,
  frameCount: 300,
  segmentCount: 3,
  audioSampleCount: 480_480,
};

export const videoRendition = (shortSide: number, changes: Partial<VideoRendition> = {}): VideoRendition => ({
  kind: 'video',
  id: `v${shortSide}`,
  codec: 'h264',
  preset: 'veryfast',
  threads: 1,
  width: (shortSide * 16) / 9,
  height: shortSide,
  frameRate: NTSC.frameRate,
  level: '3.1',
  codecs: 'avc1.64001f',
  crf: 21,
  maxBitrateBps: shortSide * 4_000,
  bufferBits: shortSide * 4_000,
  ...changes,
});

export const audioRendition = (order: number, changes: Partial<AudioRendition> = {}): AudioRendition => ({
  kind: 'audio',
  id: `a${order}`,
  streamIndex: order + 1,
  codecs: 'mp4a.40.2',
  channels: 2,
  bitrateBps: 128_000,
  name: `Track ${order}`,
  isDefault: order === 0,
  ...changes,
});

export const textRendition = (order: number, changes: Partial<TextRendition> = {}): TextRendition => ({
  kind: 'text',
  id: `t${order}`,
  streamIndex: order + 8,
  name: `Text ${order}`,
  isDefault: false,
  isForced: false,
  ...changes,
});

/** Two rungs, two languages, two texts, nothing encoded yet. */
export const FILM: ManifestContent = {
  timeline: NTSC,
  renditions: [
    videoRendition(720),
    videoRendition(360, { codecs: 'avc1.64001e' }),
    audioRendition(0, { name: 'English', language: 'en' }),
    audioRendition(1, { name: 'Deutsch', language: 'de' }),
    textRendition(0, { name: 'English', language: 'en', isDefault: true }),
    textRendition(1, { name: 'Signs', language: 'en', isForced: true }),
  ],
  measured: [],
};

/** The same with every segment stored. */
export const STORED_FILM: ManifestContent = {
  ...FILM,
  measured: [
    { renditionId: 'v720', peakBitrateBps: 2_000_000, averageBitrateBps: 1_500_000, keyframeBytes: [30_000, 20_000, 10_000] },
    { renditionId: 'v360', peakBitrateBps: 900_000, averageBitrateBps: 600_000, keyframeBytes: [9_000, 8_000, 7_000] },
    { renditionId: 'a0', peakBitrateBps: 130_000, averageBitrateBps: 128_000 },
    { renditionId: 'a1', peakBitrateBps: 140_000, averageBitrateBps: 120_000 },
  ],
};
