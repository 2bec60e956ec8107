import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRenditions } from './ladder.ts';
import { makeSource, type SourceTraits } from './testing/sources.ts';
import { fixTimeline } from './timeline.ts';
import { planUnits, unitSchema } from './units.ts';

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

  it('begins with the sound and the lowest rung of the first seconds', () => {
    const { units } = plan({ videoSeconds: 30, audioSeconds: 30 });
    expect(units[1]).toEqual({ id: 'v240.0-0', renditionIds: ['v240'], firstSegment: 0, segmentCount: 1, priority: 1 });
    expect(units.map(({ id }) => id)).toEqual([
      ...['a0.0-0', 'v240.0-0', 'v240.1-2', 'v240.3-4'],
      ...['a0.1-7', 'v1080.4.0-0', 'v1080.4.1-2', 'v1080.4.3-4', 'v1080.5.5-6', 'v1080.5.7-7'],
    ]);
  });

  it('goes from early to late', () => {
    const { units } = plan({ videoSeconds: 3600, audioSeconds: 3600 });
    const priorities = units.map(({ priority }) => priority);
    expect(priorities).toEqual(priorities.toSorted((a, b) => a - b));
  });

  it('lets the opening of a short clip go before the end of a long film', () => {
    const film = plan({ videoSeconds: 7200 }).units;
    const clip = plan({ videoSeconds: 10 }).units;
    expect(Math.max(...clip.map(({ priority }) => priority))).toBeLessThan(film[Math.floor(film.length / 2)]?.priority ?? 0);
  });
});
