import { z } from 'zod';
import { rationalSchema, toNumber } from './rational.ts';
import type { Source, VideoStream } from './source.ts';
import type { Timeline } from './timeline.ts';

export const videoRenditionSchema = z.object({
  kind: z.literal('video'),
  /** `v` and the short side: `v720`. */
  id: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  frameRate: rationalSchema,
  /** H.264 High profile; the level as x264 takes it, `4.0`. */
  level: z.string(),
  /** RFC 6381, `avc1.640028`. */
  codecs: z.string(),
  /** Constant rate factor, capped by the rate below (VBV). */
  crf: z.number(),
  maxBitrateBps: z.number().int().positive(),
  bufferBits: z.number().int().positive(),
});

export const audioRenditionSchema = z.object({
  kind: z.literal('audio'),
  /** `a` and the order among audio renditions: `a0` is the default. */
  id: z.string(),
  /** Index into the source's streams. */
  streamIndex: z.number().int().nonnegative(),
  codecs: z.literal('mp4a.40.2'),
  channels: z.number().int().positive(),
  bitrateBps: z.number().int().positive(),
  language: z.string().optional(),
  name: z.string(),
});

export const renditionSchema = z.discriminatedUnion('kind', [videoRenditionSchema, audioRenditionSchema]);

export type VideoRendition = Readonly<z.infer<typeof videoRenditionSchema>>;
export type AudioRendition = Readonly<z.infer<typeof audioRenditionSchema>>;
export type Rendition = Readonly<z.infer<typeof renditionSchema>>;

export interface Rung {
  /** Pixels of the shorter side: portrait 1080x1920 is a 1080 rung. */
  readonly shortSide: number;
  readonly crf: number;
  /** Cap at up to 30 frames a second; half as much again above that. */
  readonly maxBitrateBps: number;
}

/** From the measured ladder of `docs/performance.md`: CRF with a cap, x264 veryfast. */
export const LADDER: readonly Rung[] = [
  { shortSide: 2160, crf: 21, maxBitrateBps: 16_000_000 },
  { shortSide: 1440, crf: 21, maxBitrateBps: 9_000_000 },
  { shortSide: 1080, crf: 21, maxBitrateBps: 5_000_000 },
  { shortSide: 720, crf: 21, maxBitrateBps: 2_800_000 },
  { shortSide: 480, crf: 21, maxBitrateBps: 1_400_000 },
  { shortSide: 360, crf: 21, maxBitrateBps: 800_000 },
  { shortSide: 240, crf: 22, maxBitrateBps: 400_000 },
];

const AUDIO_BITRATE_BPS = 128_000;
/** A source this much larger than the highest rung below it gets a rung of its own size. */
const NATIVE_RUNG_FACTOR = 1.15;

/** Video from largest to smallest, then audio; never upscaled. */
export function planRenditions(source: Source, timeline: Timeline, ladder: readonly Rung[] = LADDER): readonly Rendition[] {
  const { video } = source;
  const videos = video === undefined ? [] : chooseRungs(video, ladder).map((rung) => planVideo(video, timeline, rung));
  return [...videos, ...source.audio.slice(0, 1).map(planAudio)];
}

function chooseRungs(video: VideoStream, ladder: readonly Rung[]): readonly Rung[] {
  const shortSide = Math.min(video.width, video.height);
  const fitting = ladder.filter((rung) => rung.shortSide <= shortSide);
  const [top] = fitting;
  if (top !== undefined && shortSide < top.shortSide * NATIVE_RUNG_FACTOR) return fitting;
  const above = ladder.findLast((rung) => rung.shortSide > shortSide);
  // A source above the whole ladder is scaled down to its top rung.
  if (above === undefined) return fitting;
  const scale = (shortSide / above.shortSide) ** 2;
  const native = {
    ...above,
    shortSide: evenAtLeast2(shortSide),
    maxBitrateBps: Math.max(150_000, Math.round(above.maxBitrateBps * scale)),
  };
  return [native, ...fitting];
}

function planVideo(video: VideoStream, timeline: Timeline, rung: Rung): VideoRendition {
  const aspect = video.width / video.height;
  const longSide = evenAtLeast2(rung.shortSide * Math.max(aspect, 1 / aspect));
  const [width, height] = aspect >= 1 ? [longSide, rung.shortSide] : [rung.shortSide, longSide];
  const isHighRate = toNumber(timeline.frameRate) > 31;
  const maxBitrateBps = isHighRate ? Math.round(rung.maxBitrateBps * 1.5) : rung.maxBitrateBps;
  const level = h264Level(width, height, toNumber(timeline.frameRate));
  return {
    kind: 'video',
    id: `v${rung.shortSide}`,
    width,
    height,
    frameRate: timeline.frameRate,
    level: level.name,
    codecs: `avc1.6400${level.idc.toString(16).padStart(2, '0')}`,
    crf: rung.crf,
    maxBitrateBps,
    bufferBits: maxBitrateBps,
  };
}

function planAudio(stream: Source['audio'][number], order: number): AudioRendition {
  return {
    kind: 'audio',
    id: `a${order}`,
    streamIndex: stream.index,
    codecs: 'mp4a.40.2',
    channels: 2,
    bitrateBps: AUDIO_BITRATE_BPS,
    ...(stream.language !== undefined && { language: stream.language }),
    name: stream.language ?? 'Default',
  };
}

/** H.264 table A-1: macroblocks a second and a frame, and the VBV rate for High profile (1.25 x the Baseline one). */
const H264_LEVELS = [
  { name: '2.1', idc: 21, maxMbps: 19_800, maxFs: 792 },
  { name: '3.0', idc: 30, maxMbps: 40_500, maxFs: 1_620 },
  { name: '3.1', idc: 31, maxMbps: 108_000, maxFs: 3_600 },
  { name: '3.2', idc: 32, maxMbps: 216_000, maxFs: 5_120 },
  { name: '4.0', idc: 40, maxMbps: 245_760, maxFs: 8_192 },
  { name: '4.2', idc: 42, maxMbps: 522_240, maxFs: 8_704 },
  { name: '5.0', idc: 50, maxMbps: 589_824, maxFs: 22_080 },
  { name: '5.1', idc: 51, maxMbps: 983_040, maxFs: 36_864 },
  { name: '5.2', idc: 52, maxMbps: 2_073_600, maxFs: 36_864 },
  { name: '6.2', idc: 62, maxMbps: 16_711_680, maxFs: 139_264 },
] as const;

function h264Level(width: number, height: number, fps: number): { name: string; idc: number } {
  const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  // Table A-1 also bounds each side by sqrt(8 x MaxFS) macroblocks, which extreme aspect ratios reach first.
  const side = Math.max(Math.ceil(width / 16), Math.ceil(height / 16));
  const fits = H264_LEVELS.find(
    ({ maxMbps, maxFs }) => macroblocks * fps <= maxMbps && macroblocks <= maxFs && side <= Math.sqrt(8 * maxFs),
  );
  return fits ?? H264_LEVELS[H264_LEVELS.length - 1] ?? { name: '6.2', idc: 62 };
}

/**
 * What BANDWIDTH must not understate (RFC 8216 4.3.4.2: the peak segment bit rate). A segment of `SEGMENT_SECONDS` can
 * hold the capped rate plus a full VBV buffer; 2 % covers the boxes around it.
 */
export function peakBitrateBps(rendition: Rendition, segmentSeconds: number): number {
  if (rendition.kind === 'audio') return Math.ceil(rendition.bitrateBps * 1.15);
  return Math.ceil((rendition.maxBitrateBps + rendition.bufferBits / segmentSeconds) * 1.02);
}

export const shortSideOf = (rendition: VideoRendition): number => Math.min(rendition.width, rendition.height);

/** The rung a rendition id names, or undefined for audio: the id alone tells whether a session's cap allows it. */
export function shortSideOfId(renditionId: string): number | undefined {
  return renditionId.startsWith('v') ? Number(renditionId.slice(1)) : undefined;
}

const evenAtLeast2 = (value: number): number => Math.max(2, Math.round(value / 2) * 2);
