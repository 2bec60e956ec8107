import type { Session } from '@mediaflow/shared/session';
import { setBounded } from '../bounded-map.ts';

/** As `verifySession` with its key: undefined for what is forged, malformed or expired at `now`. */
export type SessionVerifier = (text: string, now: number) => Session | undefined | Promise<Session | undefined>;

/** Some hundred bytes each. */
const MAX_SESSIONS = 10_000;

/**
 * Verifies each session once in this isolate: a viewer shows the same one with every segment, and its MAC costs as much as all else
 * that the edge does for a cached one (docs/performance.md). Only good ones are remembered, and only what time cannot change: the
 * expiry is looked at every time, and so is all that a revocation can say.
 */
export function rememberSessions(verify: SessionVerifier, maxSessions = MAX_SESSIONS): SessionVerifier {
  const verified = new Map<string, Session>();
  const verifyAndRemember = async (text: string, now: number): Promise<Session | undefined> => {
    const session = await verify(text, now);
    if (session === undefined) return undefined;
    setBounded(verified, text, session, maxSessions);
    return session;
  };
  return (text, now) => {
    const session = verified.get(text);
    if (session === undefined) return verifyAndRemember(text, now);
    if (session.expiresAt > now) return session;
    verified.delete(text);
    return undefined;
  };
}
