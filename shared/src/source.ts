import { z } from 'zod';
import { rationalSchema } from './rational.ts';

/** What was wrong with a file that plays nevertheless; shown on the asset. */
export const warningSchema = z.object({
  /** `truncated`, `corrupt`, `joined`, `format_changed`, `programs_dropped`, `tracks_dropped`, `audio_tracks_dropped`, … */
  type: z.string(),
  /** One sentence for the person who sent the file. */
  message: z.string(),
});
export type Warning = Readonly<z.infer<typeof warningSchema>>;

/** How pixels stand for colours (ITU-T H.273), in ffmpeg's names: what the file states, and the usual where it states nothing. */
export const videoColourSchema = z.object({
  matrix: z.string(),
  primaries: z.string(),
  transfer: z.string(),
  /** Pixels are red, green and blue: they become luma and chroma by `matrix`. */
  isRgb: z.boolean().optional(),
  /** Luma from 0 to 255, and not from 16 to 235. */
  isFullRange: z.boolean().optional(),
});
export type VideoColour = Readonly<z.infer<typeof videoColourSchema>>;

/** What a probe established about the uploaded original. Times count from `startMs` of the source. */
export const videoStreamSchema = z.object({
  /** Index in the container, for `-map 0:{index}`. */
  index: z.number().int().nonnegative(),
  codec: z.string(),
  /** As it is to be seen: after rotation, in square pixels. Not necessarily even. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  frameRate: rationalSchema,
  /** Of a rate too high to keep: the pictures come this many times as fast as `frameRate`, and one of each as many is shown. */
  decimation: z.number().int().min(2).optional(),
  /**
   * Pictures may come at times of their own, as a camera's or a call's do: where two would share a place on the grid, one gives way to
   * the next. Absent for what was probed before it was asked, too.
   */
  isUneven: z.boolean().optional(),
  /**
   * Grid points from one to another among which pictures of an uneven stream share a place, or come so close that rounding decides it; ascending.
   * Absent where only a reading of the whole file would tell.
   */
  crowds: z
    .array(z.tuple([z.number().int(), z.number().int()]))
    .readonly()
    .optional(),
  /** How much later than it is to be shown a picture comes out of the decoder: only where the container has no presentation times. */
  delayMs: z.number().positive().optional(),
  /** Pictures are stored in another order than they are shown in: B-frames. Absent for what was probed before it was asked, too. */
  isReordered: z.boolean().optional(),
  /** When the first frame is shown. */
  startMs: z.number(),
  /** When the last frame ends. */
  endMs: z.number().positive(),
  pixelFormat: z.string(),
  isInterlaced: z.boolean(),
  /** PQ or HLG: must be tone-mapped for an SDR ladder. */
  isHdr: z.boolean(),
  /** Absent for what was probed before it was asked: such an asset keeps the labels that its first segments have. */
  colour: videoColourSchema.optional(),
  /** The container neither turns nor mirrors the picture. Absent for what was probed before it was asked, too. */
  isUpright: z.boolean().optional(),
  /** The container asks for an angle that is no quarter turn: the picture is shown as it is stored. */
  isRotationIgnored: z.boolean().optional(),
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
  /** What the container calls the track: `Director's commentary`. */
  title: z.string().optional(),
  isDefault: z.boolean().optional(),
  /** Timestamps count single samples, and seeking finds them. */
  isSeekExact: z.boolean().optional(),
  /**
   * Elsewhere, if frames of `samples` samples follow one another from `startMs` on: so a frame's rough timestamp still
   * tells its place to the sample.
   */
  frameGrid: z.object({ startMs: z.number(), samples: z.number().int().positive() }).optional(),
});

/** A subtitle track that is text; pictures of text are not carried. */
export const textStreamSchema = z.object({
  index: z.number().int().nonnegative(),
  codec: z.string(),
  language: z.string().optional(),
  title: z.string().optional(),
  isDefault: z.boolean(),
  /** Foreign dialogue only: to be shown without being asked for. */
  isForced: z.boolean(),
});

export const sourceSchema = z.object({
  /** ffmpeg's demuxer name, chosen by our own sniffing and forced on every later run. */
  demuxer: z.string(),
  /** Of the upload. */
  sizeBytes: z.number().int().nonnegative(),
  /**
   * Several recordings in one file, whose clock jumps: everything here is said of a continuous copy that has these streams
   * of the upload, by their indices there, in this order.
   */
  continuous: z.object({ streams: z.array(z.number().int().nonnegative()) }).optional(),
  /** An index of fragments (`sidx`) leaves out a track, and what is read is a copy without the index. */
  isIndexedInPart: z.boolean().optional(),
  /**
   * Subtracted from every timestamp, so that the timeline starts at 0: the container's start time, or the first
   * picture's where the container starts with no more than an audio encoder's priming. May be negative.
   */
  startMs: z.number(),
  durationMs: z.number().positive(),
  video: videoStreamSchema.optional(),
  /** In the container's order, the default one first; at most `MAX_AUDIO_TRACKS`. */
  audio: z.array(audioStreamSchema),
  text: z.array(textStreamSchema).default([]),
  warnings: z.array(warningSchema).default([]),
});

/** More audio tracks than this are left out with a warning. */
export const MAX_AUDIO_TRACKS = 8;
export const MAX_TEXT_TRACKS = 32;

export type VideoStream = Readonly<z.infer<typeof videoStreamSchema>>;
export type AudioStream = Readonly<z.infer<typeof audioStreamSchema>>;
export type TextStream = Readonly<z.infer<typeof textStreamSchema>>;
export type Source = Readonly<z.infer<typeof sourceSchema>>;

/** What kind of asset a source makes. */
export const assetKindOf = (source: Source): 'video' | 'audio' => (source.video === undefined ? 'audio' : 'video');
