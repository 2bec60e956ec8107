import type { MeasuredRendition } from '@mediaflow/shared/jobs';
import type { MediaRendition, Rendition } from '@mediaflow/shared/rendition';
import { segmentAudioSeconds, segmentSeconds, type Timeline } from '@mediaflow/shared/timeline';
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

/** BANDWIDTH is the largest segment's rate, AVERAGE-BANDWIDTH the whole rendition's (RFC 8216, 4.3.4.2). */
function measure(timeline: Timeline, rendition: MediaRendition, segments: readonly StoredSegment[]): MeasuredRendition {
  const secondsOf = rendition.kind === 'audio' ? segmentAudioSeconds : segmentSeconds;
  let bits = 0;
  let seconds = 0;
  let peakBps = 0;
  for (const [number, { sizeBytes }] of segments.entries()) {
    const duration = secondsOf(timeline, number);
    bits += sizeBytes * 8;
    seconds += duration;
    // The first audio segment of a very short sound may hold nothing but the priming frame.
    if (duration > 0) peakBps = Math.max(peakBps, (sizeBytes * 8) / duration);
  }
  const hasKeyframes = rendition.kind === 'video' && segments.every(({ keyframeBytes }) => keyframeBytes > 0);
  return {
    renditionId: rendition.id,
    peakBitrateBps: Math.max(1, Math.ceil(peakBps)),
    averageBitrateBps: Math.max(1, Math.ceil(bits / Math.max(seconds, Number.EPSILON))),
    ...(hasKeyframes && { keyframeBytes: segments.map(({ keyframeBytes }) => keyframeBytes) }),
  };
}
