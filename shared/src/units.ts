import { z } from 'zod';
import { cutAtKeyframes, cutEvenly, type Span } from './cut-units.ts';
import type { MediaRendition, Rendition } from './rendition.ts';
import type { Timeline } from './timeline.ts';

/**
 * What one background run makes: some renditions, over a few consecutive segments, from one decode. The units of a version
 * partition its segments. Each segment is encoded by an encoder of its own, so its bytes do not depend on the unit it is
 * made in: a unit, a viewer's request and a repetition all make the same.
 */
export const unitSchema = z.object({
  /** Unique within an asset version: `v1080.5.0-1`. */
  id: z.string().regex(/^[a-z0-9.-]{1,80}$/),
  renditionIds: z.array(z.string()).min(1),
  firstSegment: z.number().int().nonnegative(),
  segmentCount: z.number().int().positive(),
  /** Order among the units of one asset, 1 first. */
  priority: z.number().int().positive(),
});
export type Unit = Readonly<z.infer<typeof unitSchema>>;

/**
 * 8 s of video where nothing is known of its keyframes: a kill loses at most a few seconds of work, and urgent work gets in
 * between (docs/performance.md).
 */
const VIDEO_UNIT_SEGMENTS = 2;
/** ffmpeg keeps every encoder of a unit open to its end: 3.3 GB for two segments of a 2160p ladder, half of that for one (measured). */
const LARGE_UNIT_SEGMENTS = 1;
const LARGE_SHORT_SIDE = 1080;
/** A minute of sound costs about one CPU second. */
const AUDIO_UNIT_SEGMENTS = 15;
/** Above every priority that a first codec's unit can have (12 h of 4 s segments). */
const SECOND_CODEC_PRIORITY = 100_000;

/**
 * Earliest first; a second codec after everything else of the asset. Text is no part of it: a job of its own makes it whole.
 *
 * @param leads by segment, what has to be decoded before it (`cutAtKeyframes`); absent where the source does not say
 */
export function planUnits(timeline: Timeline, renditions: readonly Rendition[], leads?: readonly number[]): readonly Unit[] {
  const media = renditions.filter((rendition) => rendition.kind !== 'text');
  const groups = Map.groupBy(media, groupOf);
  const units = [...groups.values()].flatMap((members) => {
    const [first] = members;
    const base = first?.kind === 'video' && first.codec !== 'h264' ? SECOND_CODEC_PRIORITY : 1;
    const ids = members.map(({ id }) => id);
    return cutSpans(timeline, members, leads).map((span) => unit(ids, span, base + span.firstSegment));
  });
  return units.toSorted((a, b) => a.priority - b.priority);
}

function cutSpans({ segmentCount }: Timeline, members: readonly MediaRendition[], leads: readonly number[] | undefined): readonly Span[] {
  const shortSides = members.map((rendition) => (rendition.kind === 'video' ? Math.min(rendition.width, rendition.height) : 0));
  const largest = Math.max(...shortSides);
  if (largest === 0) return cutEvenly(segmentCount, AUDIO_UNIT_SEGMENTS);
  if (largest > LARGE_SHORT_SIDE) return cutEvenly(segmentCount, LARGE_UNIT_SEGMENTS);
  return leads === undefined ? cutEvenly(segmentCount, VIDEO_UNIT_SEGMENTS) : cutAtKeyframes(leads);
}

/** All pictures of one codec come from one decode; each audio track is a run of its own. */
const groupOf = (rendition: MediaRendition): string => (rendition.kind === 'video' ? rendition.codec : rendition.id);

function unit(renditionIds: readonly string[], span: Span, priority: number): Unit {
  const lastSegment = span.firstSegment + span.segmentCount - 1;
  return {
    id: `${renditionIds.length > 1 ? `${renditionIds[0]}.${renditionIds.length}` : renditionIds[0]}.${span.firstSegment}-${lastSegment}`,
    renditionIds: [...renditionIds],
    ...span,
    priority,
  };
}

/** Whether a unit belongs to the second codec, which an asset may be ready without. */
export const isExtraUnit = ({ priority }: Unit): boolean => priority >= SECOND_CODEC_PRIORITY;
