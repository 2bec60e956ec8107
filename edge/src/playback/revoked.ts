import type { PlaybackAnswer } from '@mediaflow/shared/internal';
import { assetName, playbackIdName, sessionName, signerName } from '@mediaflow/shared/revocation';
import type { Session } from '@mediaflow/shared/session';
import type { RevokedNames } from '../revocations/revocations.ts';

/** The session itself, or what it was opened by or for. */
export function isSessionRevoked(revoked: RevokedNames, session: Session): boolean {
  const names = namesOfSession.get(session) ?? nameSession(session);
  return names.some((name) => revoked.has(name));
}

/** Looked up with every segment of a remembered session. */
const namesOfSession = new WeakMap<Session, readonly string[]>();

function nameSession(session: Session): readonly string[] {
  const { assetId, playbackId, signerId, viewerId } = session;
  const names = [assetName(assetId), playbackIdName(playbackId), signerName(signerId), sessionName(playbackId, viewerId)];
  namesOfSession.set(session, names);
  return names;
}

export const isPlaybackRevoked = (revoked: RevokedNames, { asset_id, playback_id }: PlaybackAnswer): boolean =>
  revoked.has(assetName(asset_id)) || revoked.has(playbackIdName(playback_id));

export const isSignerRevoked = (revoked: RevokedNames, keyId: string): boolean => revoked.has(signerName(keyId));
