import { toNumber } from '@mediaflow/shared/rational';
import { fixTimeline, longestSegmentSeconds, segmentSeconds, type Timeline } from '@mediaflow/shared/timeline';
import { describe, expect, test } from 'vitest';
import { audioRendition, NTSC, STORED_FILM, videoRendition } from '../testing/manifest-content.ts';
import { bitratesOf } from './bitrates.ts';

const CAPPED = videoRendition(720, { maxBitrateBps: 1_000_000, bufferBits: 1_000_000 });

function timelineOf(seconds: number): Timeline {
  const video = {
    index: 0,
    codec: 'h264',
    width: 1280,
    height: 720,
    frameRate: { num: 25, den: 1 },
    startMs: 0,
    endMs: seconds * 1000,
    pixelFormat: 'yuv420p',
    isInterlaced: false,
    isHdr: false,
  };
  return fixTimeline({ demuxer: 'mp4', sizeBytes: 1, startMs: 0, durationMs: seconds * 1000, video, audio: [], text: [], warnings: [] });
}

/** What an encoder at its limit puts into each segment: all that its seconds allow, and six tenths of the buffer. */
const fullSegmentBits = (timeline: Timeline): readonly number[] =>
  Array.from({ length: timeline.segmentCount }, (_, number) => 1_000_000 * segmentSeconds(timeline, number) + 600_000);

/** By the RFC's definition: over every run of segments that lasts half to one and a half target durations. */
function peakOf(timeline: Timeline, bits: readonly number[]): number {
  const targetSeconds = Math.round(longestSegmentSeconds(timeline));
  const rates = bits.flatMap((_, from) =>
    bits.slice(from, from + 3).flatMap((_, more) => {
      const numbers = Array.from({ length: more + 1 }, (_, index) => from + index);
      const seconds = numbers.reduce((sum, number) => sum + segmentSeconds(timeline, number), 0);
      const isCounted = seconds >= targetSeconds / 2 && seconds <= targetSeconds * 1.5;
      return isCounted ? [numbers.reduce((sum, number) => sum + (bits[number] ?? 0), 0) / seconds] : [];
    }),
  );
  return Math.max(0, ...rates);
}

describe('what is not measured yet', () => {
  test.each([1, 4, 4.04, 5.9, 6, 6.04, 8, 9, 60, 61, 3600])('is never understated for %d s', (seconds) => {
    const timeline = timelineOf(seconds);
    const bits = fullSegmentBits(timeline);
    const { peakBps, averageBps } = bitratesOf(CAPPED, timeline, []);
    const total = bits.reduce((sum, value) => sum + value, 0);
    const average = total / (timeline.frameCount / toNumber(timeline.frameRate));
    expect(peakBps).toBeGreaterThanOrEqual(peakOf(timeline, bits));
    expect(averageBps).toBeGreaterThanOrEqual(average);
    // Nor so much overstated that a player would stay below what it could have.
    expect(averageBps).toBeLessThan(average * 1.03);
    if (seconds >= 8) expect(peakBps).toBeLessThan(1_400_000);
  });

  test('is a little more than its rate for sound', () => {
    expect(bitratesOf(audioRendition(0), NTSC, [])).toEqual({ peakBps: 147_200, averageBps: 134_400 });
  });
});

test('what is measured is stated as it is', () => {
  expect(bitratesOf(CAPPED, NTSC, STORED_FILM.measured)).toEqual({ peakBps: 2_000_000, averageBps: 1_500_000 });
});
