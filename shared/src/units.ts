import { z } from 'zod';
import type { Rendition } from './ladder.ts';
import type { Timeline } from './timeline.ts';

/**
 * What one encode run makes: some renditions, over a few consecutive segments, from one decode. A unit done twice
 * writes the same keys.
 */
export const unitSchema = z.object({
  /** Unique within an asset version: `v360.0-1`. */
  id: z.string().regex(/^[a-z0-9.-]{1,80}$/),
  renditionIds: z.array(z.string()).min(1),
  firstSegment: z.number().int().nonnegative(),
  segmentCount: z.number().int().positive(),
  /** Order among all waiting units of all assets, 1 first. */
  priority: z.number().int().positive(),
});
export type Unit = Readonly<z.infer<typeof unitSchema>>;

/**
 * 8 s of video: the seek and restart cost of a unit stays unmeasurable and its bit overhead below 1 %, a kill loses at
 * most a few seconds of work, and urgent work gets in between (docs/performance.md).
 */
const VIDEO_UNIT_SEGMENTS = 2;
/** A minute of sound costs about one CPU second. */
const AUDIO_UNIT_SEGMENTS = 15;

/**
 * Earliest first, and the lowest rung of the very first unit ahead of everything, so that there is a picture as soon as
 * possible. Priority grows with the place in the film and not with the asset's age: the opening of a short clip never
 * waits for the end of a long one.
 */
export function planUnits(timeline: Timeline, renditions: readonly Rendition[]): readonly Unit[] {
  const videoIds = renditions.filter((rendition) => rendition.kind === 'video').map((rendition) => rendition.id);
  const audioIds = renditions.filter((rendition) => rendition.kind === 'audio').map((rendition) => rendition.id);
  const lowest = videoIds.slice(-1);
  const others = videoIds.slice(0, -1);
  const units: Unit[] = audioIds.flatMap((id) => spans(timeline.segmentCount, AUDIO_UNIT_SEGMENTS).map((span) => unit([id], span, 1)));
  for (const span of spans(timeline.segmentCount, VIDEO_UNIT_SEGMENTS)) {
    if (span.firstSegment > 0) units.push(unit(videoIds, span, 2));
    else units.push(unit(lowest, span, 0), unit(others, span, 2));
  }
  return units.filter((candidate) => candidate.renditionIds.length > 0).toSorted((a, b) => a.priority - b.priority);
}

interface Span {
  readonly firstSegment: number;
  readonly segmentCount: number;
}

function spans(segmentCount: number, size: number): readonly Span[] {
  return Array.from({ length: Math.ceil(segmentCount / size) }, (_, index) => ({
    firstSegment: index * size,
    segmentCount: Math.min(size, segmentCount - index * size),
  }));
}

function unit(renditionIds: readonly string[], span: Span, lateness: number): Unit {
  const lastSegment = span.firstSegment + span.segmentCount - 1;
  return {
    id: `${renditionIds.length > 1 ? `${renditionIds[0]}.${renditionIds.length}` : renditionIds[0]}.${span.firstSegment}-${lastSegment}`,
    renditionIds: [...renditionIds],
    ...span,
    priority: 1 + lateness + span.firstSegment,
  };
}
