import { AppError } from '@mediaflow/shared/errors';
import type { AudioRendition, Rendition, VideoRendition } from '@mediaflow/shared/ladder';
import { AAC_FRAME_SAMPLES, segmentAudioFrames, segmentFrames, type Timeline, videoTimescale } from '@mediaflow/shared/timeline';
import type { SegmentRange } from '../encode/grid.ts';
import type { CodedTrack, Sample, SampleEntry } from './fragmented-mp4.ts';
import { REORDER_FRAMES, stringifyInitSegment } from './init-segment.ts';
import { type MediaSegment, stringifyMediaSegment } from './media-segment.ts';

/** What a unit stores of one rendition. */
export interface PackagedRendition {
  readonly renditionId: string;
  readonly init: Uint8Array;
  /** Segments `firstSegment`, `firstSegment + 1`, … */
  readonly segments: readonly Uint8Array[];
}

/**
 * Cuts an encoded unit into CMAF segments and proves on the way that they are what the playlists promised: the right
 * number of frames, each shown exactly on its grid time, every segment decodable by itself.
 *
 * @throws AppError `encode_failed` when the encoder delivered anything else
 */
export function cutSegments(track: CodedTrack, rendition: Rendition, timeline: Timeline, range: SegmentRange): PackagedRendition {
  assertCodec(track.sampleEntry, rendition);
  const numbers = Array.from({ length: range.segmentCount }, (_, index) => range.firstSegment + index);
  const cut =
    rendition.kind === 'video'
      ? videoSegments(track.samples, rendition, timeline, numbers)
      : audioSegments(track.samples, rendition, timeline, numbers);
  return { renditionId: rendition.id, init: stringifyInitSegment(track.sampleEntry, timeline), segments: cut.map(stringifyMediaSegment) };
}

function videoSegments(
  samples: readonly Sample[],
  rendition: VideoRendition,
  timeline: Timeline,
  numbers: readonly number[],
): readonly MediaSegment[] {
  const { frameTicks } = videoTimescale(timeline.frameRate);
  // A run shorter than the reorder depth has a smaller delay; all units get the one that the init segment announces.
  const shift = REORDER_FRAMES * frameTicks - (samples[0]?.compositionOffset ?? 0);
  let taken = 0;
  const segments = numbers.map((number): MediaSegment => {
    const { first, count } = segmentFrames(timeline, number);
    const cut = samples.slice(taken, taken + count).map((sample) => ({ ...sample, compositionOffset: sample.compositionOffset + shift }));
    taken += count;
    if (!isWholeGop(cut, count, frameTicks))
      throw new AppError('encode_failed', `Segment ${number} of ${rendition.id} is not one closed group of pictures.`);
    return { number, kind: 'video', startTicks: first * frameTicks, sampleTicks: frameTicks, samples: cut };
  });
  assertAllTaken(taken, samples, rendition);
  return segments;
}

/** One sync sample, the first, which is also shown first; and the pictures shown are frames 0 to count - 1, each once. */
function isWholeGop(samples: readonly Sample[], count: number, frameTicks: number): boolean {
  const shownAt = samples.map(({ compositionOffset }, index) => index + compositionOffset / frameTicks - REORDER_FRAMES);
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

function assertAllTaken(taken: number, samples: readonly Sample[], { id }: Rendition): void {
  if (taken !== samples.length)
    throw new AppError('encode_failed', `The encoder made ${samples.length} frames of ${id} where ${taken} belong.`);
}

/** The playlists were written before anything was encoded; what they say of the codec must have come true. */
function assertCodec(entry: SampleEntry, { id, codecs }: Rendition): void {
  const actual = entry.type === 'avc1' ? `avc1.${avcProfile(entry)}` : 'mp4a.40.2';
  if (actual !== codecs) throw new AppError('encode_failed', `The encoder made ${actual} of ${id}, announced as ${codecs}.`);
}

/** Profile, constraints and level: bytes 1 to 3 of the decoder configuration (ISO/IEC 14496-15, 5.3.3.1). */
function avcProfile({ boxes }: SampleEntry): string {
  const avcC: { view: { buffer: ArrayBufferLike; byteOffset: number } } | undefined = boxes.find(
    (box: { type: string }) => box.type === 'avcC',
  );
  if (avcC === undefined) return '';
  const bytes = new Uint8Array(avcC.view.buffer, avcC.view.byteOffset + 8 + 1, 3);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
