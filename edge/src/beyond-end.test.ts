import { parseMediaPath } from '@mediaflow/shared/keys';
import { expect, it } from 'vitest';
import { isBeyondEnd } from './beyond-end.ts';

const timeline = { frameRate: { num: 25, den: 1 }, framesPerSegment: 100, frameCount: 1_650, segmentCount: 17 };

it.each([
  ['v720/0.m4s', false],
  ['v720/16.m4s', false],
  ['v720/17.m4s', true],
  ['a0/16.m4s', false],
  ['a0/17.m4s', true],
  ['t0/1.vtt', false],
  ['t0/2.vtt', true],
  ['v720/init.mp4', false],
  ['t0/playlist.m3u8', false],
])('%s of a film of 17 segments: %s', (path, expected) => {
  const object = parseMediaPath(path);
  expect(object && isBeyondEnd(object, timeline)).toBe(expected);
});
