import type { MeasuredRendition } from '@mediaflow/shared/jobs';
import { peakBitrate } from '@mediaflow/shared/peak-bitrate';
import type { MediaRendition, Rendition } from '@mediaflow/shared/rendition';
import { segmentAudioSeconds, segmentSeconds, type Timeline, targetSeconds } from '@mediaflow/shared/timeline';
import type { UnitRow } from '../db/schema.ts';
import { placeOf } from './fill-unit.ts';

type Sizes = Pick<UnitRow, 'unit' | 'sizes_bytes' | 'keyframe_bytes'>;

interface StoredSegment {
  readonly sizeBytes: number;
  readonly keyframeBytes: number;
}

/** Bit rates of the renditions of which every segment is stored; the others are left out. Pure. */
export function measureRenditions(
  timeline: Timeline,
  renditions: readonly Rendition[],
  units: readonly Sizes[],
): readonly MeasuredRendition[] {
  return renditions.flatMap((rendition) => {
    if (rendition.kind === 'text') return [];
    const segments = collectSegments(timeline, rendition.id, units);
    return segments === undefined ? [] : [measure(timeline, rendition, segments)];
  });
}

/** All segments of a rendition in order, or undefined where one is missing. */
function collectSegments(timeline: Timeline, renditionId: string, units: readonly Sizes[]): readonly StoredSegment[] | undefined {
  const segments = new Array<StoredSegment | undefined>(timeline.segmentCount).fill(undefined);
  for (const { unit, sizes_bytes, keyframe_bytes } of units) {
    for (let number = unit.firstSegment; number < unit.firstSegment + unit.segmentCount; number += 1) {
      const place = placeOf(unit, renditionId, number);
      const sizeBytes = place === undefined ? 0 : (sizes_bytes?.[place] ?? 0);
      if (place !== undefined && sizeBytes > 0) segments[number] = { sizeBytes, keyframeBytes: keyframe_bytes?.[place] ?? 0 };
    }
  }
  return segments.every((segment) => segment !== undefined) ? segments : undefined;
}

/** BANDWIDTH is the peak rate, AVERAGE-BANDWIDTH the whole rendition's (RFC 8216, 4.3.4.2). */
function measure(timeline: Timeline, rendition: MediaRendition, segments: readonly StoredSegment[]): MeasuredRendition {
  const secondsOf = rendition.kind === 'audio' ? segmentAudioSeconds : segmentSeconds;
  const timed = segments.map(({ sizeBytes }, number) => ({ sizeBytes, seconds: secondsOf(timeline, number) }));
  const bits = timed.reduce((sum, { sizeBytes }) => sum + sizeBytes * 8, 0);
  const seconds = timed.reduce((sum, segment) => sum + segment.seconds, 0);
  const hasKeyframes = rendition.kind === 'video' && segments.every(({ keyframeBytes }) => keyframeBytes > 0);
  return {
    renditionId: rendition.id,
    peakBitrateBps: Math.max(1, Math.ceil(peakBitrate(timed, targetSeconds(timeline)))),
    averageBitrateBps: Math.max(1, Math.ceil(bits / Math.max(seconds, Number.EPSILON))),
    ...(hasKeyframes && { keyframeBytes: segments.map(({ keyframeBytes }) => keyframeBytes) }),
  };
}
