import { type AccountId, newAccountId, newAssetId, newPlaybackId, newPlaybackRestrictionId, newSigningKeyId } from '@mediaflow/shared/ids';
import type { PlaybackAnswer, PlaybackRestrictionAnswer } from '@mediaflow/shared/internal';
import { describe, expect, it } from 'vitest';
import { decidePlayback, type PlaybackRequest, type PlayDecision } from './decide-playback.ts';
import type { TokenVerdict } from './verify-token.ts';
import type { Viewer } from './viewer.ts';

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

const good = (claims: Record<string, unknown> = {}, owner: AccountId | 'edge' = accountId): TokenVerdict => ({
  ok: true,
  claims: { sub: playbackId, aud: ['v'], exp: 0, nbf: undefined, ...claims },
  keyId: newSigningKeyId(),
  accountId: owner === 'edge' ? undefined : owner,
});
const viewer: Viewer = {
  client: { ip: '192.0.2.1', country: 'AT' },
  site: { hostname: 'shop.example', port: '443' },
  userAgent: 'Player/1',
};
const restriction: PlaybackRestrictionAnswer = {
  id: newPlaybackRestrictionId(),
  account_id: accountId,
  referrer: { allowed_domains: ['shop.example'], allow_no_referrer: false },
  user_agent: { allow_no_user_agent: true, allow_high_risk_user_agent: false },
};
const restricted = { verdict: good({ playback_restriction_id: restriction.id }), restriction };
const blocked = good({ accessRules: [{ type: 'ip.geoip.country', action: 'block', country: ['AT'] }] });
const bad: TokenVerdict = { ok: false, reason: 'token_expired' };

type Changes = Partial<PlaybackRequest> & { readonly isTokenInPath?: boolean };

const decide = ({ isTokenInPath = false, ...changes }: Changes): PlayDecision => {
  const reference = { playbackId, token: undefined, isTokenInPath };
  return decidePlayback({ reference, playback: signed, verdict: undefined, restriction: undefined, viewer, query: {}, ...changes });
};

/** `true` when it plays, else the refusal's reason or the error's code. */
function outcome(changes: Changes): unknown {
  try {
    decide(changes);
    return true;
  } catch (error) {
    const { reason, code } = error as { reason?: string; code: string };
    return reason ?? code;
  }
}

describe('decidePlayback', () => {
  it.each<[string, Changes, unknown]>([
    ['public, no token', { playback: open }, true],
    ['public, a token nobody needs', { playback: open, verdict: bad }, true],
    ['public, a bad token in the id’s place', { playback: open, verdict: bad, isTokenInPath: true }, 'token_expired'],
    ['public, a good token in the id’s place', { playback: open, verdict: good(), isTokenInPath: true }, true],
    ['signed, no token', {}, 'token_missing'],
    ['signed, a good token', { verdict: good() }, true],
    ['signed, a bad token', { verdict: bad }, 'token_expired'],
    ['signed, another account’s key', { verdict: good({}, newAccountId()) }, 'token_refused'],
    ['signed, another subject', { verdict: good({ sub: newPlaybackId() }) }, 'token_refused'],
    ['signed, the edge’s own token', { verdict: good({}, 'edge') }, true],
    ['unknown, no token', { playback: undefined }, 'not_found'],
    ['unknown, a good token', { playback: undefined, verdict: good() }, 'token_refused'],
    ['unknown, a bad token', { playback: undefined, verdict: bad }, 'token_expired'],
    ['unknown, the edge’s own token', { playback: undefined, verdict: good({}, 'edge') }, 'token_refused'],
    ['no timeline', { playback: { ...signed, version: undefined }, verdict: good() }, 'not_playable_yet'],
    ['no timeline and no token', { playback: { ...signed, version: undefined } }, 'token_missing'],
    ['a claim that restricts', { verdict: good({ program_start_time: 1_700_000_000 }) }, 'restriction_not_enforced'],
    ['a restriction that lets him in', restricted, true],
    ['a restriction on the edge’s own token', { ...restricted, verdict: good({ playback_restriction_id: restriction.id }, 'edge') }, true],
    [
      'a restriction and another site',
      { ...restricted, viewer: { ...viewer, site: { hostname: 'evil.example', port: '443' } } },
      'referrer_refused',
    ],
    ['a restriction and no site', { ...restricted, viewer: { ...viewer, site: undefined } }, 'referrer_refused'],
    ['a restriction and a downloader', { ...restricted, viewer: { ...viewer, userAgent: 'curl/8.5.0' } }, 'user_agent_refused'],
    ['a restriction that there is not', { ...restricted, restriction: undefined }, 'restriction_refused'],
    [
      'another account’s restriction',
      { ...restricted, restriction: { ...restriction, account_id: newAccountId() } },
      'restriction_refused',
    ],
    ['a restriction that is no id', { verdict: good({ playback_restriction_id: 7 }) }, 'restriction_refused'],
    ['a restriction that is null', { verdict: good({ playback_restriction_id: null }) }, 'restriction_refused'],
    ['a rule against his country', { verdict: blocked }, 'access_rule_refused'],
    ['a rule against his country, unknown', { verdict: blocked, playback: undefined }, 'access_rule_refused'],
    ['a rule against his country, on a public video', { verdict: blocked, playback: open }, true],
    ['a rule against another country', { verdict: blocked, viewer: { ...viewer, client: { country: 'DE' } } }, true],
    ['rules that are none', { verdict: good({ accessRules: [{ type: 'any' }] }) }, 'token_invalid'],
    ['rules that are null', { verdict: good({ accessRules: null }) }, 'token_invalid'],
    ['claims nobody has heard of', { verdict: good({ width: '640', custom: {} }) }, true],
    ['a rule that is none', { verdict: good({ max_resolution: 720 }) }, 'invalid_parameters'],
    ['a rule twice', { playback: open, query: { max_resolution: ['720p', '1080p'] } }, 'invalid_parameters'],
    ['other parameters twice', { playback: open, query: { utm: ['a', 'b'] } }, true],
    ['a query rule beside a token', { verdict: good(), query: { max_resolution: ['x'] } }, true],
  ])('%s', (_, request, expected) => {
    expect(outcome(request)).toBe(expected);
  });
});

describe('whole files', () => {
  it.each<[string, Partial<PlaybackRequest>, boolean]>([
    ['of a public video', { playback: open }, true],
    ['with a token that says so', { verdict: good({ downloadable: true }) }, true],
    ['with a token that says not', { verdict: good({ downloadable: false }) }, false],
    ['with a token that says nothing', { verdict: good() }, false],
    ['with a token that says it in other words', { verdict: good({ downloadable: 'true' }) }, false],
  ])('%s: %s', (_, request, expected) => {
    expect(decide(request).mayDownload).toBe(expected);
  });
});
