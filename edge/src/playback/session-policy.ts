import { randomHex } from '@mediaflow/shared/ids';
import { shortSideOfId } from '@mediaflow/shared/rendition';
import { type ClipWindow, NO_SIGNER, type Session, toSignerId } from '@mediaflow/shared/session';
import { TEXT_SEGMENT_SEGMENTS } from '@mediaflow/shared/timeline';
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

/** What of the film a session may fetch, where that is not all. */
export interface SessionLimits extends ResolutionCaps {
  readonly clip?: ClipWindow;
}

export function openSession({ playback, keyId }: PlayDecision, limits: SessionLimits, now: number): Session {
  return {
    assetId: playback.asset_id,
    version: playback.version,
    expiresAt: sessionExpiry(now, playback.duration_ms ?? 0),
    viewerId: randomHex(8),
    playbackId: playback.playback_id,
    signerId: keyId === undefined || keyId === EDGE_KEY_ID ? NO_SIGNER : toSignerId(keyId),
    ...limits,
  };
}

/** Sound is always allowed; a picture only within the session's limits, whatever the player asks for. */
export function allowsRendition(session: Session, renditionId: string): boolean {
  const shortSide = shortSideOfId(renditionId);
  if (shortSide === undefined) return true;
  const isLowEnough = session.maxShortSide === 0 || shortSide <= session.maxShortSide;
  return isLowEnough && shortSide >= session.minShortSide;
}

/** A segment only within the session's clip, as its playlists name them; text as long as any of its pictures is. */
export function allowsSegment({ clip }: Session, renditionId: string, number: number): boolean {
  if (clip === undefined) return true;
  const step = renditionId.startsWith('t') ? TEXT_SEGMENT_SEGMENTS : 1;
  return number >= Math.floor(clip.firstSegment / step) && number <= Math.floor(clip.lastSegment / step);
}
