import type { Session } from '@mediaflow/shared/session';
import { setBounded } from '../bounded-map.ts';

/** As `verifySession` with its key: undefined for what is forged, malformed or expired at `now`. */
export type VerifySession = (text: string, now: number) => Promise<Session | undefined>;

export interface SessionMemory {
  /** Remembers a good one, and looks at it no more. */
  verify: VerifySession;
  /** One that was verified before and is not over; undefined says nothing of it. */
  recall(text: string, now: number): Session | undefined;
}

/** Some hundred bytes each. */
const MAX_SESSIONS = 10_000;

/**
 * Verifies each session once in this isolate: a viewer shows the same one with every segment, and its MAC costs as much as all else
 * that the edge does for a cached one (docs/performance.md). Only good ones are remembered, and only what time cannot change: the
 * expiry is looked at every time, and so is all that a revocation can say.
 */
export function rememberSessions(verify: VerifySession, maxSessions = MAX_SESSIONS): SessionMemory {
  const verified = new Map<string, Session>();
  const recall = (text: string, now: number): Session | undefined => {
    const session = verified.get(text);
    if (session === undefined || session.expiresAt > now) return session;
    verified.delete(text);
    return undefined;
  };
  return {
    recall,
    async verify(text, now) {
      const known = recall(text, now);
      if (known !== undefined) return known;
      const session = await verify(text, now);
      if (session !== undefined) setBounded(verified, text, session, maxSessions);
      return session;
    },
  };
}
