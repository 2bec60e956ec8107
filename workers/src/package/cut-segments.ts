import { AppError } from '@mediaflow/shared/errors';
import type { AudioRendition, MediaRendition, VideoRendition } from '@mediaflow/shared/rendition';
import { AAC_FRAME_SAMPLES, segmentAudioFrames, segmentFrames, type Timeline, videoTimescale } from '@mediaflow/shared/timeline';
import { type SegmentRange, segmentNumbers } from '../encode/grid.ts';
import { assertCodec } from './assert-codec.ts';
import type { CodedTrack, Sample } from './fragmented-mp4.ts';
import { stringifyInitSegment } from './init-segment.ts';
import { type MediaSegment, type PackagedSegment, stringifyMediaSegment } from './media-segment.ts';
import { reorderFrames } from './sample-entry.ts';

/** What a run makes of one rendition. */
export interface PackagedRendition {
  readonly renditionId: string;
  readonly init: Uint8Array;
  /** By number. */
  readonly segments: readonly PackagedSegment[];
}

/**
 * Cuts what an encoder made into CMAF segments and proves on the way that they are what the playlists promised: the right
 * number of frames, each shown exactly on its grid time, every segment decodable by itself.
 *
 * @throws AppError `encode_failed` when the encoder delivered anything else
 */
export function cutSegments(track: CodedTrack, rendition: MediaRendition, timeline: Timeline, range: SegmentRange): PackagedRendition {
  assertCodec(track.sampleEntry, rendition);
  const numbers = segmentNumbers(range);
  const cut =
    rendition.kind === 'video'
      ? videoSegments(track, rendition, timeline, numbers)
      : audioSegments(track.samples, rendition, timeline, numbers);
  return { renditionId: rendition.id, init: stringifyInitSegment(track.sampleEntry, timeline), segments: cut.map(stringifyMediaSegment) };
}

function videoSegments(
  { sampleEntry, samples }: CodedTrack,
  rendition: VideoRendition,
  timeline: Timeline,
  numbers: readonly number[],
): readonly MediaSegment[] {
  const { frameTicks } = videoTimescale(timeline.frameRate);
  // A run shorter than the reorder depth has a smaller delay; all get the one that the init segment announces.
  const delay = reorderFrames(sampleEntry);
  const shift = delay * frameTicks - (samples[0]?.compositionOffset ?? 0);
  let taken = 0;
  const segments = numbers.map((number): MediaSegment => {
    const { first, count } = segmentFrames(timeline, number);
    const cut = samples.slice(taken, taken + count).map((sample) => ({ ...sample, compositionOffset: sample.compositionOffset + shift }));
    taken += count;
    if (!isWholeGop(cut, count, frameTicks, delay))
      throw new AppError('encode_failed', `Segment ${number} of ${rendition.id} is not one closed group of pictures.`);
    return { number, kind: 'video', startTicks: first * frameTicks, sampleTicks: frameTicks, samples: cut };
  });
  assertAllTaken(taken, samples, rendition);
  return segments;
}

/** One sync sample, the first, which is also shown first; and the pictures shown are frames 0 to count - 1, each once. */
function isWholeGop(samples: readonly Sample[], count: number, frameTicks: number, delay: number): boolean {
  const shownAt = samples.map(({ compositionOffset }, index) => index + compositionOffset / frameTicks - delay);
  const shown = new Set(shownAt);
  return (
    samples.length === count &&
    samples.every((sample, index) => sample.isSync === (index === 0) && sample.compositionOffset >= 0) &&
    shownAt[0] === 0 &&
    Array.from({ length: count }, (_, frame) => frame).every((frame) => shown.has(frame))
  );
}

function audioSegments(
  samples: readonly Sample[],
  rendition: AudioRendition,
  timeline: Timeline,
  numbers: readonly number[],
): readonly MediaSegment[] {
  let taken = 0;
  const segments = numbers.map((number): MediaSegment => {
    const { first, count } = segmentAudioFrames(timeline, number);
    const cut = samples.slice(taken, taken + count);
    taken += count;
    if (cut.length !== count) throw new AppError('encode_failed', `Segment ${number} of ${rendition.id} has too few audio frames.`);
    return { number, kind: 'audio', startTicks: first * AAC_FRAME_SAMPLES, sampleTicks: AAC_FRAME_SAMPLES, samples: cut };
  });
  assertAllTaken(taken, samples, rendition);
  return segments;
}

function assertAllTaken(taken: number, samples: readonly Sample[], { id }: MediaRendition): void {
  if (taken !== samples.length)
    throw new AppError('encode_failed', `The encoder made ${samples.length} frames of ${id} where ${taken} belong.`);
}
