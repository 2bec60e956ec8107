import type { PlaybackAnswer } from '@mediaflow/shared/internal';
import { assetName, playbackIdName, sessionName, signerName } from '@mediaflow/shared/revocation';
import type { Session } from '@mediaflow/shared/session';
import type { RevokedNames } from '../revocations/revocations.ts';

/** The session itself, or what it was opened by or for. */
export const isSessionRevoked = (revoked: RevokedNames, { assetId, playbackId, signerId, viewerId }: Session): boolean =>
  revoked.has(assetName(assetId)) ||
  revoked.has(playbackIdName(playbackId)) ||
  revoked.has(signerName(signerId)) ||
  revoked.has(sessionName(playbackId, viewerId));

export const isPlaybackRevoked = (revoked: RevokedNames, { asset_id, playback_id }: PlaybackAnswer): boolean =>
  revoked.has(assetName(asset_id)) || revoked.has(playbackIdName(playback_id));

export const isSignerRevoked = (revoked: RevokedNames, keyId: string): boolean => revoked.has(signerName(keyId));
