import type { AudioRendition, MediaRendition } from '@mediaflow/shared/rendition';
import type { Source } from '@mediaflow/shared/source';
import type { Timeline } from '@mediaflow/shared/timeline';
import type { PackagedRendition } from '../package/cut-segments.ts';
import type { Derive } from '../source/staging.ts';
import { encodeAudio } from './encode-audio.ts';
import { encodeVideo } from './encode-video.ts';
import { type SegmentRange, segmentNumbers } from './grid.ts';
import type { Urgency } from './niceness.ts';
import type { PictureCount } from './picture-count.ts';

export interface EncodeOptions {
  /** The source as a local file. */
  readonly inputPath: string;
  /** An empty folder for the encoder's output. */
  readonly workDir: string;
  readonly timeline: Timeline;
  /** Whether somebody waits decides threads and priority, and nothing of the bytes. */
  readonly urgency: Urgency;
  /** Names the segments of the range that are not wanted; by default all are. */
  readonly isSkipped?: (rendition: MediaRendition, number: number) => boolean;
  readonly signal: AbortSignal;
  /** Aborted when whoever waited for it has left: what runs goes on, and gives way to the rest. */
  readonly unwanted?: AbortSignal;
  /** Keeps what is made of the source for the runs that follow. */
  readonly derive?: Derive;
}

export interface Encoded {
  /** In the order of the renditions given; none for one of which every segment was skipped. */
  readonly renditions: readonly PackagedRendition[];
  /** Of the source's pictures in the range; absent when no video was made. */
  readonly pictures?: PictureCount;
}

/**
 * Encodes some renditions over a few consecutive segments: all video renditions from one decode, each audio rendition
 * by itself. Every video segment is a pure function of source, rendition and number, down to the bytes.
 *
 * @throws AppError `corrupt` when no picture at all can be decoded; `encode_failed`, `encode_stalled`
 */
export async function encode(
  source: Source,
  renditions: readonly MediaRendition[],
  range: SegmentRange,
  options: EncodeOptions,
): Promise<Encoded> {
  const videos = renditions.filter((rendition) => rendition.kind === 'video');
  const video = await encodeVideo(source, videos, range, options);
  const packaged = [...video.renditions];
  for (const rendition of renditions) {
    if (rendition.kind === 'audio') packaged.push(...(await encodeWantedAudio(source, rendition, range, options)));
  }
  return { ...video, renditions: packaged };
}

/** One run from the first wanted segment to the last: sound costs too little to leave out what lies between. */
async function encodeWantedAudio(
  source: Source,
  rendition: AudioRendition,
  range: SegmentRange,
  options: EncodeOptions,
): Promise<readonly PackagedRendition[]> {
  const wanted = segmentNumbers(range).filter((number) => !options.isSkipped?.(rendition, number));
  const [firstSegment] = wanted;
  const lastSegment = wanted.at(-1);
  if (firstSegment === undefined || lastSegment === undefined) return [];
  const run: SegmentRange = { firstSegment, segmentCount: lastSegment - firstSegment + 1 };
  const packaged = await encodeAudio(source, rendition, run, options);
  return [{ ...packaged, segments: packaged.segments.filter(({ number }) => wanted.includes(number)) }];
}
