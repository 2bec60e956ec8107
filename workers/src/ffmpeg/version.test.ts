import { expect, test } from 'vitest';
import { judgeVersion } from './version.ts';

const banner = (version: string): string => `ffmpeg version ${version} Copyright (c) 2000-2026 the FFmpeg developers`;

test.each(['7.1.5', '7.1.12', '8.0.3', '8.1.2-static', '8.2', '9.0', 'n8.1.2', 'N-121000-gabcdef0', '2026-10-01-git-abcdef'])(
  '%s is taken without a word',
  (version) => {
    expect(judgeVersion(banner(version))).toBeUndefined();
  },
);

test.each(['5.1.9-0+deb12u1', '4.4', '7.0.2', '7.1', '7.1.4', '8.0', '8.0.2', '8.1.1', 'n6.1'])('%s is named', (version) => {
  expect(judgeVersion(banner(version))).toContain(`ffmpeg ${version} is older`);
});

test('so is one that does not say what it is', () => {
  expect(judgeVersion('Segmentation fault')).toContain('does not tell');
});
