import { z } from 'zod';
import { type Rational, rationalSchema, toNumber } from './rational.ts';
import type { Source } from './source.ts';

/**
 * The grid that every rendition of an asset shares, fixed once at ingest. From it follow, without looking at any
 * encoded byte, the number of segments, the frames in each and their exact durations: a segment is a pure function of
 * (source, rendition, segment number).
 *
 * Video: constant frame rate; the first segment has `openingFrames` frames, every other but the last `framesPerSegment`.
 * Audio: AAC frames of 1024 samples at 48 kHz do not divide a segment, so an audio segment begins with the first AAC
 * frame that starts at or after the video segment's start.
 */
export const timelineSchema = z.object({
  frameRate: rationalSchema,
  framesPerSegment: z.number().int().positive(),
  /** Of segment 0; absent where it is as long as the others. */
  openingFrames: z.number().int().positive().optional(),
  /** Video frames on the grid; for audio alone, grid steps that cover it. */
  frameCount: z.number().int().positive(),
  segmentCount: z.number().int().positive(),
  /** Samples of sound at 48 kHz, silence included where a track is shorter; absent without any audio. */
  audioSampleCount: z.number().int().positive().optional(),
});
export type Timeline = Readonly<z.infer<typeof timelineSchema>>;

/** Nominal; the real one is a whole number of frames (4.004 s at 29.97 fps). Same as Cloudflare Stream's uploads. */
export const SEGMENT_SECONDS = 4;
/** Whoever opens a film that has just been sent waits for its first segment to be made: half as long, it is there in half the time. */
export const OPENING_SECONDS = 2;
export const AUDIO_SAMPLE_RATE_HZ = 48_000;
export const AAC_FRAME_SAMPLES = 1024;
/**
 * An AAC encoder puts one frame of delay before the first sample; the audio track's edit list (ISO/IEC 14496-12,
 * 8.6.6) hides it. AAC frame j therefore carries samples (j - 1) x 1024 to j x 1024 - 1.
 */
export const AUDIO_PRIMING_SAMPLES = AAC_FRAME_SAMPLES;

/** The grid of a source without a picture. */
const AUDIO_ONLY_RATE: Rational = { num: 25, den: 1 };
/** A picture that ends earlier than the sound by no more than this is not extended; players hold the last frame. */
const AUDIO_TAIL_MS = 500;
/** The last of uneven pictures may give way to the next place: there is one, where it ends that late. */
const UNEVEN_END_FRAMES = 0.25;

export function fixTimeline(source: Source): Timeline {
  const audioEndMs = Math.max(0, ...source.audio.map((stream) => stream.endMs));
  const frameRate = source.video === undefined ? AUDIO_ONLY_RATE : source.video.frameRate;
  const videoEndMs = source.video?.endMs ?? 0;
  const gridEndMs = audioEndMs > videoEndMs + AUDIO_TAIL_MS ? audioEndMs : videoEndMs;
  const exactFrames = (gridEndMs / 1000) * toNumber(frameRate);
  const frameCount = Math.max(
    1,
    source.video === undefined ? Math.ceil(exactFrames) : Math.round(exactFrames + (source.video.isUneven ? UNEVEN_END_FRAMES : 0)),
  );
  const framesPerSegment = Math.max(1, Math.round(SEGMENT_SECONDS * toNumber(frameRate)));
  // What fits into one segment is one.
  const openingFrames = frameCount > framesPerSegment ? Math.max(1, Math.round(OPENING_SECONDS * toNumber(frameRate))) : undefined;
  return {
    frameRate,
    framesPerSegment,
    ...(openingFrames !== undefined && { openingFrames }),
    frameCount,
    segmentCount: 1 + Math.ceil(Math.max(0, frameCount - (openingFrames ?? framesPerSegment)) / framesPerSegment),
    ...(source.audio.length > 0 && {
      audioSampleCount: Math.ceil((Math.max(audioEndMs, videoEndMs) / 1000) * AUDIO_SAMPLE_RATE_HZ),
    }),
  };
}

/** Index of the first frame of segment `number`, on a grid that goes on beyond the film's end. */
export const segmentStartFrame = ({ framesPerSegment, openingFrames = framesPerSegment }: Timeline, number: number): number =>
  number <= 0 ? 0 : openingFrames + (number - 1) * framesPerSegment;

/** In which segment of that grid a frame is, with the part of the segment that is over: 3 where segment 3 begins. */
export const segmentAtFrame = ({ framesPerSegment, openingFrames = framesPerSegment }: Timeline, frame: number): number =>
  frame < openingFrames ? frame / openingFrames : 1 + (frame - openingFrames) / framesPerSegment;

/** Frames of segment `number`: index of the first, and how many. */
export function segmentFrames(timeline: Timeline, number: number): { first: number; count: number } {
  const first = segmentStartFrame(timeline, number);
  return { first, count: Math.min(segmentStartFrame(timeline, number + 1), timeline.frameCount) - first };
}

/** AAC frames of audio segment `number`, the priming frame counted as frame 0. */
export function segmentAudioFrames(timeline: Timeline, number: number): { first: number; count: number } {
  const first = firstAudioFrame(timeline, number);
  return { first, count: firstAudioFrame(timeline, number + 1) - first };
}

function firstAudioFrame(timeline: Timeline, number: number): number {
  if (number <= 0) return 0;
  const total = 1 + Math.ceil((timeline.audioSampleCount ?? 0) / AAC_FRAME_SAMPLES);
  if (number >= timeline.segmentCount) return total;
  const { num, den } = timeline.frameRate;
  const startSamples = (segmentStartFrame(timeline, number) * den * AUDIO_SAMPLE_RATE_HZ) / num;
  // Every later segment keeps at least one AAC frame, even where the last picture is shorter than one.
  return Math.min(1 + Math.ceil(startSamples / AAC_FRAME_SAMPLES), total - (timeline.segmentCount - number));
}

/** Duration in seconds of one video segment, exactly as its playlist states it. */
export function segmentSeconds(timeline: Timeline, number: number): number {
  return segmentFrames(timeline, number).count / toNumber(timeline.frameRate);
}

/** Of the longest video segment: only the first and the last may be shorter than the others. */
export const longestSegmentSeconds = (timeline: Timeline): number =>
  Math.max(segmentSeconds(timeline, 0), timeline.segmentCount > 1 ? segmentSeconds(timeline, 1) : 0);

/** Of the pictures, rounded as playlists state it (RFC 8216, 4.3.3.1). */
export const targetSeconds = (timeline: Timeline): number => Math.max(1, Math.round(longestSegmentSeconds(timeline)));

/** Duration in seconds of one audio segment as heard: the priming frame is not. */
export function segmentAudioSeconds(timeline: Timeline, number: number): number {
  const { first, count } = segmentAudioFrames(timeline, number);
  return ((first === 0 ? count - 1 : count) * AAC_FRAME_SAMPLES) / AUDIO_SAMPLE_RATE_HZ;
}

/** A text segment spans this many video segments: a minute of cues. */
export const TEXT_SEGMENT_SEGMENTS = 15;

export const textSegmentCount = ({ segmentCount }: Timeline): number => Math.ceil(segmentCount / TEXT_SEGMENT_SEGMENTS);

/** Where text segment `number` begins and ends, in seconds: on the video segments' own borders. */
export function textSegmentSpan(timeline: Timeline, number: number): { readonly startSeconds: number; readonly endSeconds: number } {
  const rate = toNumber(timeline.frameRate);
  const first = segmentStartFrame(timeline, number * TEXT_SEGMENT_SEGMENTS);
  const end = Math.min(timeline.frameCount, segmentStartFrame(timeline, (number + 1) * TEXT_SEGMENT_SEGMENTS));
  return { startSeconds: first / rate, endSeconds: end / rate };
}

/** The longer of picture and sound. */
export function timelineDurationMs(timeline: Timeline): number {
  const videoMs = (timeline.frameCount / toNumber(timeline.frameRate)) * 1000;
  return Math.max(videoMs, ((timeline.audioSampleCount ?? 0) / AUDIO_SAMPLE_RATE_HZ) * 1000);
}

/** Ticks per second and per frame of a video track: exact for the grid's rate, and at least 1000 a second. */
export function videoTimescale({ num, den }: Rational): { timescale: number; frameTicks: number } {
  const factor = Math.ceil(1000 / num);
  return { timescale: num * factor, frameTicks: den * factor };
}
