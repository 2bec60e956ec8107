import { newAssetId, newPlaybackId } from '@mediaflow/shared/ids';
import { NO_SIGNER, type Session } from '@mediaflow/shared/session';
import { expect, it } from 'vitest';
import { allowsRendition, allowsSegment, SESSION_SLACK_SECONDS, sessionExpiry } from './session-policy.ts';

const SESSION: Session = {
  assetId: newAssetId(),
  playbackId: newPlaybackId(),
  viewerId: '00'.repeat(8),
  signerId: NO_SIGNER,
  version: 1,
  expiresAt: 1,
  maxShortSide: 0,
  minShortSide: 0,
};

it.each([
  [1000, 30_000, 1000 + 30 + SESSION_SLACK_SECONDS],
  [1000.9, 30_001, 1000 + 31 + SESSION_SLACK_SECONDS],
  [1000, 0, 1000 + SESSION_SLACK_SECONDS],
  [1000, 10 * 3600_000, 1000 + 36_000 + SESSION_SLACK_SECONDS],
])('a session opened at %d for %d ms ends at %d', (now, durationMs, expected) => {
  expect(sessionExpiry(now, durationMs)).toBe(expected);
});

it.each([
  ['v1080', 0, 0, true],
  ['v1080', 720, 0, false],
  ['v720', 720, 0, true],
  ['v360', 720, 480, false],
  ['v480', 720, 480, true],
  ['v2160', 0, 480, true],
  ['a0', 240, 240, true],
])('%s within %d and %d: %s', (renditionId, maxShortSide, minShortSide, expected) => {
  expect(allowsRendition({ ...SESSION, maxShortSide, minShortSide }, renditionId)).toBe(expected);
});

it.each([
  ['v720', 19, false],
  ['v720', 20, true],
  ['a0', 31, true],
  ['a0', 32, false],
  ['t0', 0, false],
  ['t0', 1, true],
  ['t0', 2, true],
  ['t0', 3, false],
])('of segments 20 to 31, %s/%d: %s', (renditionId, number, expected) => {
  const clip = { startMs: 81_000, endMs: 127_000, firstSegment: 20, lastSegment: 31 };
  expect(allowsSegment({ ...SESSION, clip }, renditionId, number)).toBe(expected);
  expect(allowsSegment(SESSION, renditionId, number)).toBe(true);
});
