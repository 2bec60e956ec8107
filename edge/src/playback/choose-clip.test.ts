import { segmentStartFrame, type Timeline, timelineDurationMs } from '@mediaflow/shared/timeline';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseClip } from './choose-clip.ts';

/** Segments of 4.004 s, the last of 2.002 s: 42.042 s. */
const NTSC: Timeline = { frameRate: { num: 30_000, den: 1001 }, framesPerSegment: 120, frameCount: 1260, segmentCount: 11 };
/** Segments of 4 s: 10 s of picture, 10.4 s of sound. */
const FILM: Timeline = {
  frameRate: { num: 25, den: 1 },
  framesPerSegment: 100,
  frameCount: 250,
  segmentCount: 3,
  audioSampleCount: 10.4 * 48_000,
};
/** The same with an opening of 2 s: segments begin at 0, 2 and 6 s. */
const OPENED: Timeline = { ...FILM, openingFrames: 50 };

describe('chooseClip', () => {
  it.each([
    [FILM, { clipStartSeconds: 4 }, [4000, 10_400, 4000, 1, 2]],
    [FILM, { clipStartSeconds: 3.999 }, [3999, 10_400, 0, 0, 2]],
    [FILM, { clipEndSeconds: 4 }, [0, 4000, 0, 0, 0]],
    [FILM, { clipEndSeconds: 4.001 }, [0, 4001, 0, 0, 1]],
    [FILM, { clipStartSeconds: 5, clipEndSeconds: 6 }, [5000, 6000, 4000, 1, 1]],
    [FILM, { clipStartSeconds: 1, clipEndSeconds: 1000 }, [1000, 10_400, 0, 0, 2]],
    [FILM, { clipStartSeconds: 10.2 }, [10_200, 10_400, 8000, 2, 2]],
    [OPENED, { clipStartSeconds: 1.999 }, [1999, 10_400, 0, 0, 2]],
    [OPENED, { clipStartSeconds: 2, clipEndSeconds: 6 }, [2000, 6000, 2000, 1, 1]],
    [OPENED, { clipEndSeconds: 2.001 }, [0, 2001, 0, 0, 1]],
    [OPENED, { clipStartSeconds: 6 }, [6000, 10_400, 6000, 2, 2]],
    [NTSC, { clipStartSeconds: 4.004, clipEndSeconds: 8.008 }, [4004, 8008, 4004, 1, 1]],
    [NTSC, { clipStartSeconds: 40.04 }, [40_040, 42_042, 40_040, 10, 10]],
    [NTSC, { clipStartSeconds: 12.0124 }, [12_012, 42_042, 12_012, 3, 10]],
  ])('%#: %j', (timeline, rules, [startMs, endMs, originMs, firstSegment, lastSegment]) => {
    expect(chooseClip(timeline, rules)).toEqual({ startMs, endMs, originMs, firstSegment, lastSegment });
  });

  it.each([
    [FILM, {}],
    [undefined, { maxShortSide: 720 }],
    [FILM, { clipStartSeconds: 0 }],
    [FILM, { clipEndSeconds: 10.4 }],
    [FILM, { clipStartSeconds: 0.0001, clipEndSeconds: 99 }],
  ])('leaves the whole film alone: %#', (timeline, rules) => {
    expect(chooseClip(timeline, rules)).toBeUndefined();
  });

  it.each([
    [FILM, { clipStartSeconds: 10.4 }, 'the video ends at 10.4 seconds'],
    [FILM, { clipStartSeconds: 999_999_999 }, 'the video ends at 10.4 seconds'],
    [FILM, { clipStartSeconds: 1, clipEndSeconds: 1.0001 }, 'less than a millisecond'],
    [undefined, { clipEndSeconds: 5 }, 'cannot be clipped'],
  ])('refuses what holds nothing: %#', (timeline, rules, message) => {
    expect(() => chooseClip(timeline, rules)).toThrow(
      expect.objectContaining({ code: 'invalid_parameters', message: expect.stringContaining(message) }),
    );
  });

  it('names the fewest segments that hold the window', () => {
    const startMs = (timeline: Timeline, number: number): number =>
      (1000 * segmentStartFrame(timeline, number) * timeline.frameRate.den) / timeline.frameRate.num;
    fc.assert(
      fc.property(fc.constantFrom(NTSC, FILM, OPENED), fc.nat(42_041), fc.nat(42_041), (timeline, a, b) => {
        const [fromMs, toMs] = [Math.min(a, b), Math.max(a, b) + 1];
        fc.pre(fromMs < timelineDurationMs(timeline));
        const clip = chooseClip(timeline, { clipStartSeconds: fromMs / 1000, clipEndSeconds: toMs / 1000 });
        fc.pre(clip !== undefined);
        expect(startMs(timeline, clip.firstSegment)).toBeLessThanOrEqual(clip.startMs);
        expect(Math.abs(clip.originMs - startMs(timeline, clip.firstSegment))).toBeLessThanOrEqual(0.5);
        expect(startMs(timeline, clip.lastSegment)).toBeLessThan(clip.endMs);
        expect(clip.lastSegment).toBeLessThan(timeline.segmentCount);
        const end = Math.min(clip.endMs, startMs(timeline, timeline.segmentCount - 1));
        expect(startMs(timeline, clip.lastSegment + 1)).toBeGreaterThanOrEqual(end);
      }),
    );
  });
});
