import { expect, test } from 'vitest';
import { judgeDiskSpace, judgeEncoders, judgeNode } from './judge.ts';

test.each([
  ['v24.1.0', 'ok'],
  ['v22.12.0', 'ok'],
  ['v22.11.9', 'fail'],
  ['v20.20.2', 'fail'],
])('Node %s: %s', (version, verdict) => {
  expect(judgeNode(version).verdict).toBe(verdict);
});

const ENCODERS = ' V....D libx264   H.264\n A....D aac   AAC\n VFS..D mjpeg   MJPEG';
test.each([
  ['ffmpeg version 5.1.9-0+deb12u1 Copyright', ENCODERS, 'ok'],
  ['ffmpeg version n7.1 Copyright', ENCODERS, 'ok'],
  ['ffmpeg version 4.4.2 Copyright', ENCODERS, 'warn'],
  ['ffmpeg version N-118193-g5f38c82536 Copyright', ENCODERS, 'ok'],
  ['ffmpeg version 5.1 Copyright', ' A....D aac   AAC\n VFS..D mjpeg   MJPEG', 'fail'],
  ['ffmpeg version 5.1 Copyright', ENCODERS.replace('libx264 ', 'libx264rgb '), 'fail'],
  ['', '', 'fail'],
])('%s: %s', (version, encoders, verdict) => {
  expect(judgeEncoders(version, encoders).verdict).toBe(verdict);
});

test.each([
  [50e9, 'ok'],
  [5e9, 'warn'],
  [1e6, 'fail'],
])('%i bytes free: %s', (freeBytes, verdict) => {
  expect(judgeDiskSpace(freeBytes).verdict).toBe(verdict);
});
