import { deriveHmacKey, type HmacKey } from '@mediaflow/shared/signed';

/** What the edge signs with, each key good for one purpose only. */
export interface EdgeKeys {
  /** Playback sessions in the path of media URLs. */
  readonly session: HmacKey;
  /** Principals for the origin. */
  readonly principal: HmacKey;
  /** Dashboard user sessions. */
  readonly user: HmacKey;
  /** Playback tokens that the installation issues itself. */
  readonly playback: HmacKey;
}

export async function deriveEdgeKeys(secret: string): Promise<EdgeKeys> {
  const [session, principal, user, playback] = await Promise.all([
    deriveHmacKey(secret, 'session'),
    deriveHmacKey(secret, 'principal'),
    deriveHmacKey(secret, 'user'),
    deriveHmacKey(secret, 'playback'),
  ]);
  return { session, principal, user, playback };
}
