import { randomHex } from '@mediaflow/shared/ids';
import type { MediaLocation, MediaObject } from '@mediaflow/shared/keys';
import { shortSideOfId } from '@mediaflow/shared/rendition';
import { type ClipWindow, NO_SIGNER, type Session, toSignerId } from '@mediaflow/shared/session';
import { sessionExpiry } from '@mediaflow/shared/session-life';
import { TEXT_SEGMENT_SEGMENTS } from '@mediaflow/shared/timeline';
import { EDGE_KEY_ID } from '@mediaflow/shared/token';
import { isWithin, type ResolutionCaps } from './choose-caps.ts';
import type { PlayDecision } from './decide-playback.ts';

/** What a manifest was cut to for its viewer, and what below it is therefore shut. */
export interface SessionLimits {
  readonly caps: ResolutionCaps;
  /** Undefined for the whole film. */
  readonly clip: ClipWindow | undefined;
}

/** @param now Unix seconds */
export function openSession({ playback, keyId, tokenExpiresAt }: PlayDecision, { caps, clip }: SessionLimits, now: number): Session {
  const lengthMs = clip === undefined ? (playback.duration_ms ?? 0) : clip.endMs - clip.startMs;
  return {
    assetId: playback.asset_id,
    version: playback.version,
    expiresAt: sessionExpiry(now, lengthMs, tokenExpiresAt),
    viewerId: randomHex(8),
    playbackId: playback.playback_id,
    signerId: keyId === undefined || keyId === EDGE_KEY_ID ? NO_SIGNER : toSignerId(keyId),
    ...caps,
    ...(clip !== undefined && { clip }),
  };
}

/** The object of that name in the film that the session is for. */
export const locationOf = ({ assetId, version }: Session, object: MediaObject): MediaLocation => ({ assetId, version, object });

/**
 * Whether a viewer may have this file, whatever playlist they know it from: pictures within the session's sizes, segments within its
 * part of the film. A text segment is allowed when any part of it is.
 */
export function allowsObject(session: Session, object: MediaObject): boolean {
  if (!('renditionId' in object) || !isWithin(session, shortSideOfId(object.renditionId))) return false;
  if (session.clip === undefined || object.kind !== 'segment') return true;
  const span = object.renditionId.startsWith('t') ? TEXT_SEGMENT_SEGMENTS : 1;
  const first = object.number * span;
  return first <= session.clip.lastSegment && first + span > session.clip.firstSegment;
}
