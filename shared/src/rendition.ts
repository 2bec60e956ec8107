import { z } from 'zod';
import { rationalSchema } from './rational.ts';

export const VIDEO_QUALITIES = ['basic', 'plus', 'premium'] as const;
export type VideoQuality = (typeof VIDEO_QUALITIES)[number];
/** Codecs that may be offered beside H.264. */
export const SECOND_CODECS = ['hevc', 'av1'] as const;
export type SecondCodec = (typeof SECOND_CODECS)[number];
export type VideoCodec = 'h264' | SecondCodec;

export const videoRenditionSchema = z.object({
  kind: z.literal('video'),
  /** `v` and the short side: `v720`; `v720-av1` for another codec than H.264. */
  id: z.string(),
  codec: z.enum(['h264', ...SECOND_CODECS]),
  /** The encoder's name for its speed: `veryfast`, or `10` of SVT-AV1. */
  preset: z.string(),
  /** Of the encoder. Its output depends on it, so it is the rendition's and never the machine's. */
  threads: z.number().int().positive(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  frameRate: rationalSchema,
  /** The level as the codec's standard names it: `4.0`. */
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
  /** For a menu; unique among the audio renditions. */
  name: z.string(),
  isDefault: z.boolean(),
});

/** Subtitles as WebVTT, in segments of `TEXT_SEGMENT_SEGMENTS` video segments each. */
export const textRenditionSchema = z.object({
  kind: z.literal('text'),
  /** `t` and the order: `t0`. */
  id: z.string(),
  streamIndex: z.number().int().nonnegative(),
  language: z.string().optional(),
  name: z.string(),
  isDefault: z.boolean(),
  isForced: z.boolean(),
});

export const renditionSchema = z.discriminatedUnion('kind', [videoRenditionSchema, audioRenditionSchema, textRenditionSchema]);

export type VideoRendition = Readonly<z.infer<typeof videoRenditionSchema>>;
export type AudioRendition = Readonly<z.infer<typeof audioRenditionSchema>>;
export type TextRendition = Readonly<z.infer<typeof textRenditionSchema>>;
/** What is encoded segment by segment. */
export type MediaRendition = VideoRendition | AudioRendition;
export type Rendition = Readonly<z.infer<typeof renditionSchema>>;

/** Whether a rendition is of the second codec, which an asset may be ready without. */
export const isExtra = (rendition: Rendition): boolean => rendition.kind === 'video' && rendition.codec !== 'h264';

export const shortSideOf = (rendition: VideoRendition): number => Math.min(rendition.width, rendition.height);

/** The rung a rendition id names, or undefined for audio and text: the id alone tells whether a session's cap allows it. */
export function shortSideOfId(renditionId: string): number | undefined {
  return renditionId.startsWith('v') ? Number.parseInt(renditionId.slice(1), 10) : undefined;
}
