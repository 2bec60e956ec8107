import { isId } from '@mediaflow/shared/ids';
import type { PlaybackRestrictionAnswer } from '@mediaflow/shared/internal';
import { EDGE_KEY_ID, type PlaybackAudience } from '@mediaflow/shared/token';
import type { Context } from 'hono';
import { type EdgeEnv, waitUntilOf } from '../context.ts';
import type { Ports, WaitUntil } from '../ports.ts';
import type { RevokedNames } from '../revocations/revocations.ts';
import { decidePlayback, type PlayDecision } from './decide-playback.ts';
import { type PlaybackReference, parseReference } from './reference.ts';
import { isPlaybackRevoked, isSignerRevoked } from './revoked.ts';
import { type TokenVerdict, type VerificationKey, verifyToken } from './verify-token.ts';
import { viewerOf } from './viewer.ts';

/**
 * Gathers what `decidePlayback` needs: the token's verdict, what the origin knows of the ids, and who asks. What is revoked is as if it had
 * been deleted. Throws as `decidePlayback` does.
 */
export async function authorizePlayback(
  c: Context<EdgeEnv>,
  ports: Ports,
  name: string,
  audience: PlaybackAudience,
): Promise<PlayDecision> {
  const query = c.req.queries();
  const waitUntil = waitUntilOf(c);
  const reference = parseReference(name, query.token ?? []);
  const revoked = await ports.revocations.read(waitUntil);
  const [verdict, found] = await Promise.all([
    judgeToken(ports, revoked, reference, audience, waitUntil),
    reference.playbackId === undefined ? undefined : ports.lookups.playback(reference.playbackId, waitUntil),
  ]);
  const playback = found === undefined || isPlaybackRevoked(revoked, found) ? undefined : found;
  const restriction = await findRestriction(ports, verdict, waitUntil);
  return decidePlayback({ reference, playback, verdict, restriction, viewer: viewerOf(c.req.raw, ports.clientOf(c.req.raw)), query });
}

async function judgeToken(
  { lookups, keys, clock }: Ports,
  revoked: RevokedNames,
  { token, isTokenInPath }: PlaybackReference,
  audience: PlaybackAudience,
  waitUntil: WaitUntil,
): Promise<TokenVerdict | undefined> {
  if (token === undefined) return undefined;
  const findKey = async (kid: string): Promise<VerificationKey | undefined> => {
    if (kid === EDGE_KEY_ID) return { algorithm: 'HS256', key: keys.playback };
    return isSignerRevoked(revoked, kid) ? undefined : lookups.signingKey(kid, waitUntil);
  };
  return verifyToken(token, { audience, isInPath: isTokenInPath, nowMs: clock.nowMs(), findKey });
}

/** Only a good token's is looked up, so that nobody else can make us ask. */
async function findRestriction(
  { lookups }: Ports,
  verdict: TokenVerdict | undefined,
  waitUntil: WaitUntil,
): Promise<PlaybackRestrictionAnswer | undefined> {
  const id = verdict?.ok ? verdict.claims.playback_restriction_id : undefined;
  return typeof id === 'string' && isId(id) ? lookups.playbackRestriction(id, waitUntil) : undefined;
}
