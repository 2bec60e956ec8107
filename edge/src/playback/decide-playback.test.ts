import { type AccountId, newAccountId, newAssetId, newPlaybackId, newSigningKeyId } from '@mediaflow/shared/ids';
import type { PlaybackAnswer } from '@mediaflow/shared/internal';
import { describe, expect, it } from 'vitest';
import { decidePlayback, type PlaybackRequest } from './decide-playback.ts';
import type { TokenVerdict } from './verify-token.ts';

const accountId = newAccountId();
const playbackId = newPlaybackId();
const signed: PlaybackAnswer = {
  playback_id: playbackId,
  policy: 'signed',
  account_id: accountId,
  asset_id: newAssetId(),
  version: 2,
  playlist_revision: 0,
  status: 'ready',
};
const open: PlaybackAnswer = { ...signed, policy: 'public' };

const good = (claims: Record<string, unknown> = {}, owner: AccountId | undefined = accountId): TokenVerdict => ({
  ok: true,
  claims: { sub: playbackId, ...claims },
  keyId: newSigningKeyId(),
  accountId: owner,
});
const bad: TokenVerdict = { ok: false, reason: 'token_expired' };

/** `true` when it plays, else the refusal's reason or the error's code. */
function outcome(request: Partial<PlaybackRequest> & { readonly isTokenInPath?: boolean }): unknown {
  const reference = { playbackId, token: undefined, isTokenInPath: request.isTokenInPath ?? false };
  try {
    decidePlayback({ reference, playback: signed, verdict: undefined, query: {}, ...request });
    return true;
  } catch (error) {
    const { reason, code } = error as { reason?: string; code: string };
    return reason ?? code;
  }
}

describe('decidePlayback', () => {
  it.each<[string, Parameters<typeof outcome>[0], unknown]>([
    ['public, no token', { playback: open }, true],
    ['public, a token nobody needs', { playback: open, verdict: bad }, true],
    ['public, a bad token in the id’s place', { playback: open, verdict: bad, isTokenInPath: true }, 'token_expired'],
    ['public, a good token in the id’s place', { playback: open, verdict: good(), isTokenInPath: true }, true],
    ['signed, no token', {}, 'token_missing'],
    ['signed, a good token', { verdict: good() }, true],
    ['signed, a bad token', { verdict: bad }, 'token_expired'],
    ['signed, another account’s key', { verdict: good({}, newAccountId()) }, 'token_refused'],
    ['signed, another subject', { verdict: good({ sub: newPlaybackId() }) }, 'token_refused'],
    ['signed, the edge’s own token', { verdict: { ok: true, claims: { sub: playbackId }, keyId: 'edge', accountId: undefined } }, true],
    ['unknown, no token', { playback: undefined }, 'not_found'],
    ['unknown, a good token', { playback: undefined, verdict: good() }, 'token_refused'],
    ['unknown, a bad token', { playback: undefined, verdict: bad }, 'token_expired'],
    ['unknown, the edge’s own token', { playback: undefined, verdict: good({}, undefined) }, 'token_refused'],
    ['no timeline', { playback: { ...signed, version: undefined }, verdict: good() }, 'not_playable_yet'],
    ['no timeline and no token', { playback: { ...signed, version: undefined } }, 'token_missing'],
    ['a claim that restricts', { verdict: good({ asset_start_time: '10' }) }, 'restriction_not_enforced'],
    ['claims nobody has heard of', { verdict: good({ width: '640', custom: {} }) }, true],
    ['a rule that is none', { verdict: good({ max_resolution: 720 }) }, 'invalid_parameters'],
    ['a rule twice', { playback: open, query: { max_resolution: ['720p', '1080p'] } }, 'invalid_parameters'],
    ['other parameters twice', { playback: open, query: { utm: ['a', 'b'] } }, true],
    ['a query rule beside a token', { verdict: good(), query: { max_resolution: ['x'] } }, true],
  ])('%s', (_, request, expected) => {
    expect(outcome(request)).toBe(expected);
  });
});
