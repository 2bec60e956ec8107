import { newAccountId, newAssetId, newPlaybackId, newSigningKeyId } from '@mediaflow/shared/ids';
import { parseMediaPath } from '@mediaflow/shared/keys';
import { NO_SIGNER, type Session, toSignerId } from '@mediaflow/shared/session';
import { describe, expect, it } from 'vitest';
import type { PlayDecision } from './decide-playback.ts';
import { allowsObject, openSession } from './session-policy.ts';

const NOW = 1_700_000_000;
const HOUR = 3600;
const UNCAPPED = { maxShortSide: 0, minShortSide: 0 };
const WHOLE = { caps: UNCAPPED, clip: undefined };
const CLIP = { startMs: 60_000, endMs: 72_500, originMs: 56_000, firstSegment: 14, lastSegment: 17 };

describe('a session that is opened', () => {
  const keyId = newSigningKeyId();
  const decision: PlayDecision = {
    playback: {
      playback_id: newPlaybackId(),
      policy: 'signed',
      account_id: newAccountId(),
      asset_id: newAssetId(),
      version: 3,
      playlist_revision: 0,
      duration_ms: 3 * HOUR * 1000,
      status: 'ready',
    },
    rules: {},
    keyId,
    tokenExpiresAt: NOW + 300,
    mayDownload: false,
  };

  it('names all that it can be revoked by, and what it is limited to', () => {
    const caps = { maxShortSide: 720, minShortSide: 360 };
    expect(openSession(decision, { caps, clip: CLIP }, NOW)).toEqual({
      assetId: decision.playback.asset_id,
      version: 3,
      expiresAt: NOW + 300 + 13 + 4 * HOUR,
      viewerId: expect.stringMatching(/^[0-9a-f]{16}$/),
      playbackId: decision.playback.playback_id,
      signerId: toSignerId(keyId),
      ...caps,
      clip: CLIP,
    });
  });

  it.each([undefined, 'edge'])('has no signer when the key is %s', (edgeKey) => {
    expect(openSession({ ...decision, keyId: edgeKey }, WHOLE, NOW).signerId).toBe(NO_SIGNER);
  });

  it('is nobody else’s', () => {
    expect(openSession(decision, WHOLE, NOW).viewerId).not.toBe(openSession(decision, WHOLE, NOW).viewerId);
  });

  it('outlives its token by the film and four hours, a film of three hours on a token of five minutes too', () => {
    const { expiresAt, clip } = openSession(decision, WHOLE, NOW);
    expect([expiresAt, clip]).toEqual([NOW + 300 + 3 * HOUR + 4 * HOUR, undefined]);
    expect(openSession({ ...decision, tokenExpiresAt: undefined }, WHOLE, NOW).expiresAt).toBe(NOW + 7 * HOUR);
  });
});

describe('a session of a token capped to', () => {
  it.each([
    ['v1080', 0, 0, true],
    ['v1080', 720, 0, false],
    ['v720', 720, 0, true],
    ['v720-hevc', 720, 0, true],
    ['v1080-av1', 720, 0, false],
    ['v360', 720, 480, false],
    ['v480', 720, 480, true],
    ['v2160', 0, 480, true],
    ['a0', 240, 240, true],
    ['t0', 240, 240, true],
  ])('%s within %d and %d: %s', (renditionId, maxShortSide, minShortSide, expected) => {
    const session = sessionWith({ maxShortSide, minShortSide });
    const segment = renditionId.startsWith('t') ? '0.vtt' : '0.m4s';
    for (const file of ['playlist.m3u8', segment]) expect(allows(session, `${renditionId}/${file}`)).toBe(expected);
  });
});

describe('a session of a clip of the segments 14 to 17', () => {
  it.each([
    ['v720/13.m4s', false],
    ['v720/14.m4s', true],
    ['a0/17.m4s', true],
    ['v720/18.m4s', false],
    ['v720/0.m4s', false],
    ['v720/init.mp4', true],
    ['v720/playlist.m3u8', true],
    ['v720/iframes.m3u8', true],
    // 0 to 14, 15 to 29, 30 to 44.
    ['t0/0.vtt', true],
    ['t0/1.vtt', true],
    ['t0/2.vtt', false],
  ])('%s: %s', (path, expected) => {
    expect(allows(sessionWith({ clip: CLIP }), path)).toBe(expected);
  });

  it('has text from its own first segment on', () => {
    const clip = { ...CLIP, firstSegment: 15 };
    expect(allows(sessionWith({ clip }), 't0/0.vtt')).toBe(false);
    expect(allows(sessionWith({ clip }), 't0/1.vtt')).toBe(true);
  });

  it('keeps its caps', () => {
    expect(allows(sessionWith({ clip: CLIP, maxShortSide: 360 }), 'v720/15.m4s')).toBe(false);
  });
});

it('no session opens what is not below a rendition', () => {
  for (const path of ['main.m3u8', 'manifest.mpd', 'poster.jpg']) expect(allows(sessionWith({}), path)).toBe(false);
});

function sessionWith(limits: Partial<Session>): Session {
  const names = { assetId: newAssetId(), playbackId: newPlaybackId(), viewerId: '00'.repeat(8), signerId: NO_SIGNER };
  return { ...names, version: 1, expiresAt: NOW, ...UNCAPPED, ...limits };
}

function allows(session: Session, path: string): boolean {
  const object = parseMediaPath(path);
  if (object === undefined) throw new Error(`${path} is no media path`);
  return allowsObject(session, object);
}
