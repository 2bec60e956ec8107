import type { MeasuredRendition } from '@mediaflow/shared/jobs';
import type { AudioRendition, MediaRendition, VideoRendition } from '@mediaflow/shared/rendition';
import { longestSegmentSeconds, segmentSeconds, type Timeline } from '@mediaflow/shared/timeline';
import { VBV_INIT } from '../encode/encoder-options.ts';

/** Of one rendition, as manifests state them. */
export interface Bitrates {
  /** BANDWIDTH: of the busiest segment, or run of segments, between half and one and a half target durations long (RFC 8216, 4.1). */
  readonly peakBps: number;
  /** AVERAGE-BANDWIDTH: of the whole rendition. */
  readonly averageBps: number;
}

/** Boxes around the samples. */
const BOXES = 1.02;
/** AAC at a constant rate still moves bits between its frames. */
const AUDIO_PEAK = 1.15;
const AUDIO_AVERAGE = 1.05;

/** Measured where every segment is stored, else what the encoder's rate control cannot exceed. */
export function bitratesOf(rendition: MediaRendition, timeline: Timeline, measured: readonly MeasuredRendition[]): Bitrates {
  const known = measured.find(({ renditionId }) => renditionId === rendition.id);
  if (known !== undefined) return { peakBps: known.peakBitrateBps, averageBps: known.averageBitrateBps };
  return rendition.kind === 'video' ? boundVideo(rendition, timeline) : boundAudio(rendition);
}

/**
 * Every segment has an encoder of its own, so each may spend its seconds at the capped rate and, once, what is in the buffer at
 * the start. A last segment of less than half the duration counts together with the one before it.
 */
function boundVideo({ maxBitrateBps, bufferBits }: VideoRendition, timeline: Timeline): Bitrates {
  const bound = (segments: number, seconds: number): number =>
    Math.ceil((maxBitrateBps + (segments * VBV_INIT * bufferBits) / seconds) * BOXES);
  const durations = Array.from({ length: timeline.segmentCount }, (_, number) => segmentSeconds(timeline, number));
  const last = durations.at(-1) ?? 0;
  const isLastShort = last < longestSegmentSeconds(timeline) / 2;
  const peaks = (isLastShort ? durations.slice(0, -1) : durations).map((seconds) => bound(1, seconds));
  const atEnd = isLastShort ? bound(2, (durations.at(-2) ?? 0) + last) : 0;
  return {
    peakBps: Math.max(...peaks, atEnd),
    averageBps: bound(
      durations.length,
      durations.reduce((sum, seconds) => sum + seconds, 0),
    ),
  };
}

const boundAudio = ({ bitrateBps }: AudioRendition): Bitrates => ({
  peakBps: Math.ceil(bitrateBps * AUDIO_PEAK),
  averageBps: Math.ceil(bitrateBps * AUDIO_AVERAGE),
});
