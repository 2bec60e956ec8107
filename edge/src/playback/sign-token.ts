import type { PlaybackId } from '@mediaflow/shared/ids';
import type { HmacKey } from '@mediaflow/shared/signed';
import { EDGE_KEY_ID, type PlaybackAudience } from '@mediaflow/shared/token';
import { SignJWT } from 'jose';

export interface EdgeToken {
  readonly playbackId: PlaybackId;
  readonly audience: PlaybackAudience;
  /** Unix seconds. */
  readonly expiresAt: number;
  /** Claims that narrow what the token opens; they cannot replace the ones above. */
  readonly params: Readonly<Record<string, string | number>>;
}

/** A playback token of the installation itself. `key` is `deriveHmacKey(secret, 'playback')`, which nobody else can verify or sign with. */
export function signEdgeToken(key: HmacKey, { playbackId, audience, expiresAt, params }: EdgeToken): Promise<string> {
  const { kid: _kid, ...claims } = params;
  return new SignJWT({ ...claims, sub: playbackId, aud: audience, exp: expiresAt })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: EDGE_KEY_ID })
    .sign(key);
}
