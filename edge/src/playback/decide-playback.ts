import { AppError } from '@mediaflow/shared/errors';
import type { PlaybackAnswer, PlaybackRestrictionAnswer } from '@mediaflow/shared/internal';
import { type PlaylistRules, playlistRulesSchema, toPlaylistRules } from '@mediaflow/shared/token';
import { accessRulesSchema, allowsClient } from './access-rules.ts';
import type { PlaybackReference } from './reference.ts';
import { PlaybackRefusal, type RefusalReason } from './refusal.ts';
import { findRestrictionFault } from './restriction.ts';
import type { TokenVerdict } from './verify-token.ts';
import type { Viewer } from './viewer.ts';

export interface PlaybackRequest {
  readonly reference: PlaybackReference;
  /** What the origin knows of the id; undefined when it is unknown. */
  readonly playback: PlaybackAnswer | undefined;
  /** Undefined without a token. */
  readonly verdict: TokenVerdict | undefined;
  /** The one that the token names; undefined when there is none of that id. */
  readonly restriction: PlaybackRestrictionAnswer | undefined;
  readonly viewer: Viewer;
  /** Every query parameter with every value. */
  readonly query: Readonly<Record<string, readonly string[]>>;
}

export interface PlayDecision {
  readonly playback: PlaybackAnswer & { readonly version: number };
  readonly rules: PlaylistRules;
  /** Of the key that signed the token; undefined where none was needed. */
  readonly keyId: string | undefined;
  /** Whole files: only where no token is needed, or where it says `downloadable`. */
  readonly mayDownload: boolean;
  /** Unix seconds; undefined where no token was needed. */
  readonly tokenExpiresAt: number | undefined;
}

/**
 * Claims that narrow what a viewer may see and that cannot be enforced: no film here knows the time of day it was made at, which Mux's
 * clips of live streams go by. A token with one is refused: to ignore it would open what its signer meant to keep shut. Claims nobody
 * has heard of pass.
 */
const UNENFORCED_CLAIMS = ['program_start_time', 'program_end_time'];

/**
 * May this be played, and by which rules? Pure.
 *
 * A request with a token gets the same 403 whether the object exists or not. Only a request that shows no token at all learns that
 * an id is unknown (404, as Mux answers): an id is 128 random bits, so that cannot be used to find one.
 *
 * @throws PlaybackRefusal, or AppError `not_found`, `not_playable_yet`, `invalid_parameters`
 */
export function decidePlayback(request: PlaybackRequest): PlayDecision {
  const { reference, playback, verdict, query } = request;
  const isOpen = playback?.policy === 'public' && !reference.isTokenInPath;
  if (isOpen)
    return play(playback, { rules: readRules(pickRuleParams(query)), keyId: undefined, tokenExpiresAt: undefined, mayDownload: true });
  if (verdict === undefined) {
    throw playback === undefined
      ? new AppError('not_found', 'There is no video with this playback id.')
      : new PlaybackRefusal('token_missing');
  }
  if (!verdict.ok) throw new PlaybackRefusal(verdict.reason);
  const { claims, keyId, accountId } = verdict;
  // Before the object is looked at: whom the token keeps out learns nothing about what it opens.
  const fault = findViewerFault(verdict, request);
  if (fault !== undefined) throw new PlaybackRefusal(fault);
  const isOwn = accountId === undefined || accountId === playback?.account_id;
  if (playback === undefined || !isOwn || claims.sub !== playback.playback_id) {
    throw new PlaybackRefusal('token_refused');
  }
  if (UNENFORCED_CLAIMS.some((name) => claims[name] !== undefined)) throw new PlaybackRefusal('restriction_not_enforced');
  // Rules beside a token in the query are the viewer's, not the signer's: they are not looked at.
  return play(playback, { rules: readRules(claims), keyId, tokenExpiresAt: claims.exp, mayDownload: claims.downloadable === true });
}

/** Which of the token's claims about viewers speaks against this one. */
function findViewerFault(
  { claims, accountId }: Extract<TokenVerdict, { ok: true }>,
  { playback, restriction, viewer }: PlaybackRequest,
): RefusalReason | undefined {
  if (claims.accessRules !== undefined) {
    const parsed = accessRulesSchema.safeParse(claims.accessRules);
    if (!parsed.success) return 'token_invalid';
    if (!allowsClient(parsed.data, viewer.client)) return 'access_rule_refused';
  }
  if (claims.playback_restriction_id === undefined) return undefined;
  // Another account's answers like one that was deleted. The edge's own tokens are of the account they open a video of.
  if (restriction === undefined || restriction.account_id !== (accountId ?? playback?.account_id)) return 'restriction_refused';
  return findRestrictionFault(restriction, viewer);
}

function play(playback: PlaybackAnswer, rights: Omit<PlayDecision, 'playback'>): PlayDecision {
  const { version } = playback;
  if (version === undefined) throw new AppError('not_playable_yet', 'The video is not ready to be played yet.', { retryAfterSeconds: 1 });
  return { playback: { ...playback, version }, ...rights };
}

function readRules(params: Readonly<Record<string, unknown>>): PlaylistRules {
  const parsed = playlistRulesSchema.safeParse(params);
  if (parsed.success) return toPlaylistRules(parsed.data);
  const messages = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new AppError('invalid_parameters', messages.join('; '));
}

/** A rule given twice has no meaning; other parameters are nobody's business here. */
function pickRuleParams(query: PlaybackRequest['query']): Readonly<Record<string, string | undefined>> {
  const named = Object.keys(playlistRulesSchema.shape).flatMap((name) => (query[name] ?? []).map((value) => [name, value] as const));
  const params = Object.fromEntries(named);
  if (Object.keys(params).length < named.length) throw new AppError('invalid_parameters', 'The query names a rule more than once.');
  return params;
}
