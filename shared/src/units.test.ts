import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRenditions } from './ladder.ts';
import type { Rendition } from './rendition.ts';
import { makeSource, type SourceTraits } from './testing/sources.ts';
import { fixTimeline } from './timeline.ts';
import { isExtraUnit, planUnits, unitSchema } from './units.ts';

function plan(traits: SourceTraits) {
  const source = makeSource(traits);
  const timeline = fixTimeline(source);
  const renditions = planRenditions(source, timeline);
  return { timeline, renditions, units: planUnits(timeline, renditions) };
}

describe('planUnits', () => {
  it('makes every segment of every rendition exactly once', () => {
    const seconds = fc.option(fc.double({ min: 0.1, max: 20_000, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(seconds, seconds, fc.integer({ min: 100, max: 2200 }), (videoSeconds, audioSeconds, height) => {
        fc.pre(videoSeconds !== undefined || audioSeconds !== undefined);
        const traits = { height, ...(videoSeconds !== undefined && { videoSeconds }), ...(audioSeconds !== undefined && { audioSeconds }) };
        const { timeline, renditions, units } = plan(traits);
        const made = units.flatMap((unit) =>
          unit.renditionIds.flatMap((id) => Array.from({ length: unit.segmentCount }, (_, index) => `${id}/${unit.firstSegment + index}`)),
        );
        expect(new Set(made).size).toBe(made.length);
        expect(made.length).toBe(renditions.length * timeline.segmentCount);
        expect(new Set(units.map(({ id }) => id)).size).toBe(units.length);
        for (const unit of units) expect(unitSchema.safeParse(unit).success).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('makes all pictures of a window from one decode, and a minute of sound at a time', () => {
    const { units } = plan({ videoSeconds: 20, audioSeconds: 20 });
    expect(units.map(({ id }) => id)).toEqual(['v1080.5.0-1', 'a0.0-5', 'v1080.5.2-3', 'v1080.5.4-5']);
  });

  it('makes one segment at a time of pictures above 1080p', () => {
    const { units } = plan({ width: 3840, height: 2160, videoSeconds: 8 });
    expect(units.map(({ id }) => id)).toEqual(['v2160.7.0-0', 'v2160.7.1-1', 'v2160.7.2-2']);
  });

  it('cuts pictures at keyframes, and sound as ever', () => {
    const source = makeSource({ videoSeconds: 32, audioSeconds: 32 });
    const timeline = fixTimeline(source);
    const units = planUnits(timeline, planRenditions(source, timeline), [0, 2, 6, 0, 4, 8, 0, 4, 8]);
    expect(units.map(({ id }) => id)).toEqual([
      'v1080.5.0-2',
      'a0.0-8',
      'v1080.5.3-3',
      'v1080.5.4-5',
      'v1080.5.6-6',
      'v1080.5.7-7',
      'v1080.5.8-8',
    ]);
  });

  it('leaves a second codec to the end', () => {
    const source = makeSource({ videoSeconds: 7200 });
    const timeline = fixTimeline(source);
    const first = planRenditions(source, timeline);
    const second = first.flatMap((rendition): Rendition[] =>
      rendition.kind === 'video' ? [{ ...rendition, id: `${rendition.id}-av1`, codec: 'av1' }] : [],
    );
    const units = planUnits(timeline, [...first, ...second]);
    const firstExtra = units.findIndex(isExtraUnit);
    expect(units.slice(firstExtra).every(isExtraUnit)).toBe(true);
    expect(units.slice(0, firstExtra).every(({ renditionIds }) => renditionIds.every((id) => !id.endsWith('-av1')))).toBe(true);
    expect(firstExtra).toBe(units.length / 2);
  });

  it('goes from early to late', () => {
    const { units } = plan({ videoSeconds: 3600, audioSeconds: 3600 });
    const priorities = units.map(({ priority }) => priority);
    expect(priorities).toEqual(priorities.toSorted((a, b) => a - b));
  });
});
