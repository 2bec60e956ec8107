import { newAssetId, newPlaybackId } from '@mediaflow/shared/ids';
import { NO_SIGNER, type Session } from '@mediaflow/shared/session';
import { expect, it } from 'vitest';
import { allowsRendition, SESSION_SLACK_SECONDS, sessionExpiry } from './session-policy.ts';

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
  const names = { assetId: newAssetId(), playbackId: newPlaybackId(), viewerId: '00'.repeat(8), signerId: NO_SIGNER };
  const session: Session = { ...names, version: 1, expiresAt: 1, maxShortSide, minShortSide };
  expect(allowsRendition(session, renditionId)).toBe(expected);
});
