import { z } from 'zod';
import { rationalSchema } from './rational.ts';

/** What a probe established about the uploaded original. Times count from `startMs` of the source. */
export const videoStreamSchema = z.object({
  /** Index in the container, for `-map 0:{index}`. */
  index: z.number().int().nonnegative(),
  codec: z.string(),
  /** As it is to be seen: after rotation, in square pixels. Not necessarily even. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  frameRate: rationalSchema,
  /** When the first frame is shown. */
  startMs: z.number(),
  /** When the last frame ends. */
  endMs: z.number().positive(),
  pixelFormat: z.string(),
  isInterlaced: z.boolean(),
  /** PQ or HLG: must be tone-mapped for an SDR ladder. */
  isHdr: z.boolean(),
});

export const audioStreamSchema = z.object({
  index: z.number().int().nonnegative(),
  codec: z.string(),
  channels: z.number().int().positive(),
  sampleRateHz: z.number().int().positive(),
  startMs: z.number(),
  endMs: z.number().positive(),
  /** BCP 47, when the container says so. */
  language: z.string().optional(),
  /** Timestamps count single samples and seeking finds them; elsewhere sound is decoded from the beginning. */
  isSeekExact: z.boolean().optional(),
});

export const sourceSchema = z.object({
  /** ffmpeg's demuxer name, chosen by our own sniffing and forced on every later run. */
  demuxer: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  /**
   * Subtracted from every timestamp, so that the timeline starts at 0: the container's start time, or the first
   * picture's where the container starts with no more than an audio encoder's priming. May be negative.
   */
  startMs: z.number(),
  durationMs: z.number().positive(),
  video: videoStreamSchema.optional(),
  audio: z.array(audioStreamSchema),
});

export type VideoStream = Readonly<z.infer<typeof videoStreamSchema>>;
export type AudioStream = Readonly<z.infer<typeof audioStreamSchema>>;
export type Source = Readonly<z.infer<typeof sourceSchema>>;

/** What kind of asset a source makes. */
export const assetKindOf = (source: Source): 'video' | 'audio' => (source.video === undefined ? 'audio' : 'video');
