import { type Session, verifySession } from '@mediaflow/shared/session';
import { nowSeconds, type Ports, type WaitUntil } from '../ports.ts';
import { isSessionRevoked } from './revoked.ts';

/** The session that a URL carries; undefined for one that is forged, over or revoked. Asks nobody but for what is revoked, now and then. */
export async function readSession({ keys, clock, revocations }: Ports, text: string, waitUntil: WaitUntil): Promise<Session | undefined> {
  const session = await verifySession(keys.session, text, nowSeconds(clock));
  return session === undefined || isSessionRevoked(await revocations.read(waitUntil), session) ? undefined : session;
}
