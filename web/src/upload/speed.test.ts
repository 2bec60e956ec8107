import { describe, expect, it } from 'vitest';
import { addSample, remainingSeconds, type Sample, speedOf } from './speed.ts';

/** A transfer at a steady rate, looked at every `stepMs`. */
function steady(bytesPerSecond: number, seconds: number, stepMs = 250): readonly Sample[] {
  let samples: readonly Sample[] = [];
  for (let atMs = 0; atMs <= seconds * 1000; atMs += stepMs) {
    samples = addSample(samples, { sentBytes: (bytesPerSecond * atMs) / 1000, atMs });
  }
  return samples;
}

describe('speedOf', () => {
  it('is unknown before a second has passed', () => {
    expect(speedOf([])).toBeUndefined();
    expect(speedOf(steady(1000, 0.75))).toBeUndefined();
  });

  it('is the mean over the window', () => expect(speedOf(steady(2_000_000, 30))).toBeCloseTo(2_000_000));

  it('forgets what is older than the window', () => {
    let samples = steady(1_000_000, 20);
    for (let step = 1; step <= 44; step += 1) {
      samples = addSample(samples, { sentBytes: 20_000_000, atMs: 20_000 + step * 250 });
    }
    expect(speedOf(samples)).toBe(0);
  });

  it('keeps its memory bounded however often it is told', () => expect(steady(1000, 60, 10).length).toBeLessThanOrEqual(52));

  it('starts afresh when the server turns out to have fewer bytes', () => {
    const samples = addSample(steady(1000, 5), { sentBytes: 10, atMs: 5_500 });
    expect(samples).toEqual([{ sentBytes: 10, atMs: 5_500 }]);
  });
});

describe('remainingSeconds', () => {
  it('divides what is left by the speed', () => expect(remainingSeconds(steady(1_000_000, 10), 15_000_000)).toBeCloseTo(5));
  it('is unknown while nothing moves', () => expect(remainingSeconds(steady(0, 10), 1000)).toBeUndefined());
  it('is unknown without history', () => expect(remainingSeconds([], 1000)).toBeUndefined());
});
