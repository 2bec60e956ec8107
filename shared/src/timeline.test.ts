import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringifyRational, toNumber } from './rational.ts';
import { makeSource } from './testing/sources.ts';
import {
  AAC_FRAME_SAMPLES,
  AUDIO_SAMPLE_RATE_HZ,
  fixTimeline,
  segmentAudioFrames,
  segmentAudioSeconds,
  segmentFrames,
  segmentSeconds,
  timelineDurationMs,
  videoTimescale,
} from './timeline.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('fixTimeline', () => {
  it.each([
    { rate: '24/1', seconds: 30, framesPerSegment: 96, openingFrames: 48, frameCount: 720, segmentCount: 8 },
    { rate: '24000/1001', seconds: 30.03, framesPerSegment: 96, openingFrames: 48, frameCount: 720, segmentCount: 8 },
    { rate: '25/1', seconds: 10, framesPerSegment: 100, openingFrames: 50, frameCount: 250, segmentCount: 3 },
    {
      rate: '30000/1001',
      seconds: 23.9906,
      framesPerSegment: 120,
      openingFrames: 60,
      frameCount: 719,
      segmentCount: 7,
    },
    { rate: '12000/1001', seconds: 12.012, framesPerSegment: 48, openingFrames: 24, frameCount: 144, segmentCount: 4 },
    { rate: '15000/1001', seconds: 8.008, framesPerSegment: 60, openingFrames: 30, frameCount: 120, segmentCount: 3 },
    {
      rate: '48000/1001',
      seconds: 24.024,
      framesPerSegment: 192,
      openingFrames: 96,
      frameCount: 1152,
      segmentCount: 7,
    },
    { rate: '60/1', seconds: 4, framesPerSegment: 240, frameCount: 240, segmentCount: 1 },
    { rate: '25/2', seconds: 8, framesPerSegment: 50, openingFrames: 25, frameCount: 100, segmentCount: 3 },
    { rate: '1/1', seconds: 8, framesPerSegment: 4, openingFrames: 2, frameCount: 8, segmentCount: 3 },
  ])('cuts $seconds s at $rate', ({ rate, seconds, ...expected }) => {
    const timeline = fixTimeline(makeSource({ rate, videoSeconds: seconds }));
    expect(stringifyRational(timeline.frameRate)).toBe(rate);
    expect(timeline).toMatchObject(expected);
    expect(timeline.openingFrames).toBe(expected.openingFrames);
  });

  it('makes one segment of a single frame', () => {
    expect(fixTimeline(makeSource({ videoSeconds: 0.04 }))).toMatchObject({ frameCount: 1, segmentCount: 1 });
  });

  it('keeps the picture’s own length when the sound ends a little later', () => {
    const timeline = fixTimeline(makeSource({ rate: '24/1', videoSeconds: 30, audioSeconds: 30.04 }));
    expect(timeline).toMatchObject({ frameCount: 720, audioSampleCount: 30.04 * AUDIO_SAMPLE_RATE_HZ });
  });

  it('holds the last picture when the sound goes on for longer', () => {
    expect(fixTimeline(makeSource({ videoSeconds: 4, audioSeconds: 8 })).frameCount).toBe(200);
  });

  it('continues sound with silence to the end of the picture', () => {
    expect(fixTimeline(makeSource({ videoSeconds: 8, audioSeconds: 4 })).audioSampleCount).toBe(8 * AUDIO_SAMPLE_RATE_HZ);
  });

  it('gives sound alone a grid that covers it', () => {
    const timeline = fixTimeline(makeSource({ audioSeconds: 9.99 }));
    expect(timeline).toMatchObject({ frameCount: 250, segmentCount: 3 });
    expect(timelineDurationMs(timeline)).toBe(10_000);
  });

  it('has no sound where the source has none', () => {
    expect(fixTimeline(makeSource({ videoSeconds: 4 })).audioSampleCount).toBeUndefined();
  });
});

describe('segments', () => {
  const rates = fc.constantFrom(
    '24/1',
    '24000/1001',
    '25/1',
    '30000/1001',
    '30/1',
    '50/1',
    '60000/1001',
    '60/1',
    '12/1',
    '7/1',
    '1/3',
    '90/1',
    '29/2',
  );
  const seconds = fc.double({ min: 0.02, max: 40_000, noNaN: true });
  const timelines = fc
    .tuple(rates, seconds, seconds)
    .map(([rate, videoSeconds, audioSeconds]) => fixTimeline(makeSource({ rate, videoSeconds, audioSeconds })));

  it('cover every frame once, in order, none empty', () => {
    fc.assert(
      fc.property(timelines, (timeline) => {
        const segments = range(timeline.segmentCount).map((number) => segmentFrames(timeline, number));
        expect(sum(segments.map(({ count }) => count))).toBe(timeline.frameCount);
        expect(Math.min(...segments.map(({ count }) => count))).toBeGreaterThan(0);
        segments.reduce((next, { first, count }) => {
          expect(first).toBe(next);
          return first + count;
        }, 0);
      }),
      { numRuns: 60 },
    );
  });

  it('cover every AAC frame once, in order, none empty, and all samples', () => {
    fc.assert(
      fc.property(timelines, (timeline) => {
        const segments = range(timeline.segmentCount).map((number) => segmentAudioFrames(timeline, number));
        segments.reduce((next, { first, count }) => {
          expect(first).toBe(next);
          expect(count).toBeGreaterThan(0);
          return first + count;
        }, 0);
        const heard = (sum(segments.map(({ count }) => count)) - 1) * AAC_FRAME_SAMPLES;
        const padding = heard - (timeline.audioSampleCount ?? 0);
        expect(padding).toBeGreaterThanOrEqual(0);
        expect(padding).toBeLessThan(AAC_FRAME_SAMPLES);
      }),
      { numRuns: 60 },
    );
  });

  it('of sound begin within one AAC frame after the picture’s, except where the last ones are pressed together', () => {
    const timeline = fixTimeline(makeSource({ rate: '30000/1001', videoSeconds: 3600, audioSeconds: 3600 }));
    for (const number of range(timeline.segmentCount).slice(1, -1)) {
      const picture = segmentFrames(timeline, number).first / toNumber(timeline.frameRate);
      const sound = ((segmentAudioFrames(timeline, number).first - 1) * AAC_FRAME_SAMPLES) / AUDIO_SAMPLE_RATE_HZ;
      expect(sound - picture).toBeGreaterThanOrEqual(-1e-9);
      expect(sound - picture).toBeLessThan(AAC_FRAME_SAMPLES / AUDIO_SAMPLE_RATE_HZ + 1e-9);
    }
  });

  it('state durations that add up to the film, the hidden priming frame left out', () => {
    const timeline = fixTimeline(makeSource({ rate: '24000/1001', videoSeconds: 100, audioSeconds: 100 }));
    const numbers = range(timeline.segmentCount);
    expect(sum(numbers.map((number) => segmentSeconds(timeline, number)))).toBeCloseTo(timeline.frameCount * (1001 / 24_000), 9);
    expect(sum(numbers.map((number) => segmentAudioSeconds(timeline, number)))).toBeCloseTo(4688 * (1024 / 48_000), 9);
  });
});

describe('videoTimescale', () => {
  it.each([
    [
      { num: 24, den: 1 },
      { timescale: 1008, frameTicks: 42 },
    ],
    [
      { num: 30_000, den: 1001 },
      { timescale: 30_000, frameTicks: 1001 },
    ],
    [
      { num: 12_500, den: 1000 },
      { timescale: 12_500, frameTicks: 1000 },
    ],
  ])('of %o is exact', (rate, expected) => {
    expect(videoTimescale(rate)).toEqual(expected);
    expect(expected.timescale / expected.frameTicks).toBe(toNumber(rate));
  });
});
