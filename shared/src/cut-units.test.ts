import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAtKeyframes, cutEvenly, type Span } from './cut-units.ts';

const sizes = (spans: readonly Span[]) => spans.map(({ segmentCount }) => segmentCount);
const decodedForNothing = (spans: readonly Span[], leads: readonly number[]) =>
  spans.reduce((sum, { firstSegment }) => sum + (leads[firstSegment] ?? Number.NaN), 0);

describe('cutAtKeyframes', () => {
  it.each<{ name: string; leads: readonly number[]; expected: readonly number[] }>([
    { name: 'nothing', leads: [], expected: [] },
    { name: 'one segment', leads: [0], expected: [1] },
    { name: 'a keyframe at every segment', leads: Array(9).fill(0), expected: [2, 2, 2, 1, 1, 1] },
    { name: 'a keyframe at every third', leads: [0, 4, 8, 0, 4, 8, 0, 4, 8, 0, 4, 8, 0, 4, 8], expected: [3, 3, 3, 1, 2, 1, 1, 1] },
    {
      name: 'a keyframe a little before the second and every other one after it',
      leads: [0, 0.1, 4, 0.1, 4, 0.1, 4, 0.1, 0, 0],
      expected: [3, 2, 2, 1, 1, 1],
    },
    { name: 'a single one, at the beginning', leads: [0, 2, 6, 10, 14, 18, 22, 26, 30], expected: [2, 3, 2, 1, 1] },
  ])('$name', ({ leads, expected }) => expect(sizes(cutAtKeyframes(leads))).toEqual(expected));

  it('takes every segment once, in runs of one to three, and never decodes more than runs of two that end in single ones', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 12, noNaN: true }), { maxLength: 60 }), (tail) => {
        const leads = [0, ...tail];
        const spans = cutAtKeyframes(leads);
        let next = 0;
        for (const { firstSegment, segmentCount } of spans) {
          expect(firstSegment).toBe(next);
          expect(segmentCount).toBeGreaterThanOrEqual(1);
          expect(segmentCount).toBeLessThanOrEqual(3);
          next += segmentCount;
        }
        expect(next).toBe(leads.length);
        const ending = Math.min(3, leads.length);
        const single = cutEvenly(ending, 1).map((span) => ({ ...span, firstSegment: span.firstSegment + leads.length - ending }));
        const plain = [...cutEvenly(leads.length - ending, 2), ...single];
        // Half a second for the one run of an odd length.
        expect(decodedForNothing(spans, leads)).toBeLessThanOrEqual(decodedForNothing(plain, leads) + 0.500001);
      }),
    );
  });

  it('ends in short runs', () => {
    const leads = Array.from({ length: 30 }, (_, number) => (number % 3 === 0 ? 0 : 8));
    expect(sizes(cutAtKeyframes(leads)).slice(0, 8)).toEqual(Array(8).fill(3));
    expect(sizes(cutAtKeyframes(leads)).slice(8)).toEqual([2, 2, 1, 1]);
  });

  it('cuts twelve hours', () => {
    const leads = Array.from({ length: 10_800 }, (_, number) => (number * 37) % 11);
    expect(cutAtKeyframes(leads).length).toBeGreaterThan(3_600);
  });
});
