import { expect, it } from 'vitest';
import { appendWindowEnds } from './clip-end.ts';

it.each([
  ['ends within the last segment', 6, { startSeconds: 4, frameRate: 25 }, 6.001],
  ['ends with it', 8, { startSeconds: 4, frameRate: 25 }, 8.001],
  ['has next to nothing of it', 4.001, { startSeconds: 4, frameRate: 25 }, 4.25],
  ['has less than a picture of it', 4.5, { startSeconds: 4, frameRate: 1 }, 5.5],
  ['is sound alone', 4.1, { startSeconds: 4, frameRate: undefined }, 4.25],
])('a clip that %s', (_, endSeconds, last, expected) => {
  const { video, audio } = appendWindowEnds(endSeconds, last);
  expect(video).toBeCloseTo(expected, 6);
  expect(audio - video).toBeGreaterThan(0.021);
  expect(audio - video).toBeLessThan(0.05);
});
