import { type Session, verifySession } from '@mediaflow/shared/session';
import { nowSeconds, type Ports, type WaitUntil } from '../ports.ts';
import { rememberSessions } from './remember-sessions.ts';
import { isSessionRevoked } from './revoked.ts';

export interface SessionReader {
  /** The session that a URL carries; undefined for one that is forged, over or revoked. Asks nobody but for what is revoked, now and then. */
  read(text: string, waitUntil: WaitUntil): Promise<Session | undefined>;
  /** The same without waiting for anything: of sessions that were read before. Undefined says nothing: it is to be read. */
  recall(text: string): Session | undefined;
}

export function createSessionReader({ keys, clock, revocations }: Pick<Ports, 'keys' | 'clock' | 'revocations'>): SessionReader {
  const memory = rememberSessions((text, now) => verifySession(keys.session, text, now));
  return {
    async read(text, waitUntil) {
      const session = await memory.verify(text, nowSeconds(clock));
      return session === undefined || isSessionRevoked(await revocations.read(waitUntil), session) ? undefined : session;
    },
    recall(text) {
      const session = memory.recall(text, nowSeconds(clock));
      const revoked = revocations.recall();
      return session === undefined || revoked === undefined || isSessionRevoked(revoked, session) ? undefined : session;
    },
  };
}
