import { type Session, verifySession } from '@mediaflow/shared/session';
import { nowSeconds, type Ports, type WaitUntil } from '../ports.ts';
import { rememberSessions } from './remember-sessions.ts';
import { isSessionRevoked } from './revoked.ts';

/** The session that a URL carries; undefined for one that is forged, over or revoked. Asks nobody but for what is revoked, now and then. */
export type ReadSession = (text: string, waitUntil: WaitUntil) => Promise<Session | undefined>;

export function createSessionReader({ keys, clock, revocations }: Pick<Ports, 'keys' | 'clock' | 'revocations'>): ReadSession {
  const verify = rememberSessions((text, now) => verifySession(keys.session, text, now));
  return async (text, waitUntil) => {
    const session = await verify(text, nowSeconds(clock));
    return session === undefined || isSessionRevoked(await revocations.read(waitUntil), session) ? undefined : session;
  };
}
