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

/** Units up to this priority are the opening of an asset: what its first viewer waits for. */
export const LAST_URGENT_PRIORITY = 2;

/**
 * 8 s of video: the seek and restart cost of a unit stays unmeasurable and its bit overhead below 1 %, a kill loses at
 * most a few seconds of work, and urgent work gets in between (docs/performance.md).
 */
const VIDEO_UNIT_SEGMENTS = 2;
/** A minute of sound costs about one CPU second. */
const AUDIO_UNIT_SEGMENTS = 15;

/**
 * The lowest rung's head start, 20 s: at this distance two cores, which encode a whole 1080p ladder at about the speed of
 * play, stay ahead of a viewer who began with the first picture. Its price is one more decode of these seconds.
 */
const OPENING_SEGMENTS = 5;

/**
 * Earliest first. Sound and lowest rung of the opening go ahead of everything, the very first segment as a unit of its
 * own, so that there is a picture as soon as possible. Priority grows with the place in the film and not with the asset's
 * age: the opening of a short clip never waits for the end of a long one.
 */
export function planUnits(timeline: Timeline, renditions: readonly Rendition[]): readonly Unit[] {
  const videoIds = renditions.filter((rendition) => rendition.kind === 'video').map((rendition) => rendition.id);
  const audioIds = renditions.filter((rendition) => rendition.kind === 'audio').map((rendition) => rendition.id);
  const lowest = videoIds.slice(-1);
  const others = videoIds.slice(0, -1);
  const end = timeline.segmentCount;
  const opening = Math.min(OPENING_SEGMENTS, end);
  const units = [
    ...audioIds.flatMap((id) => [
      ...spans(0, 1, 1).map((span) => unit([id], span, 1)),
      ...spans(1, end, AUDIO_UNIT_SEGMENTS).map((span) => unit([id], span, 1 + span.firstSegment)),
    ]),
    ...[...spans(0, 1, 1), ...spans(1, opening, VIDEO_UNIT_SEGMENTS)].flatMap((span) => [
      unit(lowest, span, 1),
      unit(others, span, 2 + span.firstSegment),
    ]),
    ...spans(opening, end, VIDEO_UNIT_SEGMENTS).map((span) => unit(videoIds, span, 2 + span.firstSegment)),
  ];
  return units.filter(({ renditionIds }) => renditionIds.length > 0).toSorted((a, b) => a.priority - b.priority);
}

interface Span {
  readonly firstSegment: number;
  readonly segmentCount: number;
}

/** Segments `from` to `to - 1`, in runs of at most `size`. */
function spans(from: number, to: number, size: number): readonly Span[] {
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / size)) }, (_, index) => {
    const firstSegment = from + index * size;
    return { firstSegment, segmentCount: Math.min(size, to - firstSegment) };
  });
}

function unit(renditionIds: readonly string[], span: Span, priority: number): Unit {
  const lastSegment = span.firstSegment + span.segmentCount - 1;
  return {
    id: `${renditionIds.length > 1 ? `${renditionIds[0]}.${renditionIds.length}` : renditionIds[0]}.${span.firstSegment}-${lastSegment}`,
    renditionIds: [...renditionIds],
    ...span,
    priority,
  };
}
