import { AppError } from '@mediaflow/shared/errors';

/**
 * Why a viewer was refused, for players and support. A reason speaks of the request alone: it never tells whether an object, an id
 * or a key exists.
 */
const MESSAGES = {
  token_missing: 'This video needs a playback token.',
  token_invalid: 'The playback token cannot be read.',
  token_expired: 'The playback token has expired.',
  token_not_yet_valid: 'The playback token is not valid yet.',
  token_lives_too_long: 'The playback token ends more than 24 hours from now, which one without an audience must not.',
  audience_mismatch: 'The playback token is for another kind of resource.',
  token_refused: 'The playback token does not open this video.',
  restriction_not_enforced: 'The playback token carries a restriction that this installation does not enforce.',
  restriction_refused: 'The playback restriction that the token names does not stand.',
  referrer_refused: 'This video may not be played on this site.',
  user_agent_refused: 'This video may not be played with this program.',
  access_rule_refused: 'This video may not be played from this network or country.',
  session_refused: 'The playback session is over or does not allow this; load the video again.',
} as const;

export type RefusalReason = keyof typeof MESSAGES;

/** 403 with a machine-readable `reason` in the body, as Mux answers: its players show their own message only then. */
export class PlaybackRefusal extends AppError {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super('forbidden', MESSAGES[reason]);
    this.reason = reason;
  }
}
