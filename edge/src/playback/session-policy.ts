import { randomHex } from '@mediaflow/shared/ids';
import { shortSideOfId } from '@mediaflow/shared/rendition';
import { NO_SIGNER, type Session, toSignerId } from '@mediaflow/shared/session';
import { EDGE_KEY_ID } from '@mediaflow/shared/token';
import type { ResolutionCaps } from './choose-short-sides.ts';
import type { PlayDecision } from './decide-playback.ts';

/** Pauses, seeks back and a second look; after it the player must come back with a token. */
export const SESSION_SLACK_SECONDS = 4 * 3600;

/**
 * The token is looked at once, when playback starts, and may expire a minute later: the session lasts the whole film plus
 * slack, so that a long film never stops on a short token.
 *
 * @returns Unix seconds
 */
export function sessionExpiry(now: number, durationMs: number): number {
  return Math.floor(now) + Math.ceil(durationMs / 1000) + SESSION_SLACK_SECONDS;
}

export function openSession({ playback, keyId }: PlayDecision, caps: ResolutionCaps, now: number): Session {
  return {
    assetId: playback.asset_id,
    version: playback.version,
    expiresAt: sessionExpiry(now, playback.duration_ms ?? 0),
    viewerId: randomHex(8),
    playbackId: playback.playback_id,
    signerId: keyId === undefined || keyId === EDGE_KEY_ID ? NO_SIGNER : toSignerId(keyId),
    ...caps,
  };
}

/** Sound is always allowed; a picture only within the session's limits, whatever the player asks for. */
export function allowsRendition(session: Session, renditionId: string): boolean {
  const shortSide = shortSideOfId(renditionId);
  if (shortSide === undefined) return true;
  const isLowEnough = session.maxShortSide === 0 || shortSide <= session.maxShortSide;
  return isLowEnough && shortSide >= session.minShortSide;
}
