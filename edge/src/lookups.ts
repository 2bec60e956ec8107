import { AppError } from '@mediaflow/shared/errors';
import type {
  CredentialAnswer,
  PlaybackAnswer,
  PlaybackRestrictionAnswer,
  SegmentAnswer,
  SigningKeyAnswer,
} from '@mediaflow/shared/internal';
import { importJWK } from 'jose';
import { createLookup, type Lookup } from './lookup.ts';
import { MAKE_TIMEOUT_MS, type OriginClient } from './origin-client.ts';
import type { Clock } from './ports.ts';

/**
 * How long an isolate believes the origin's answer; the longest is how long a revocation takes to reach every edge.
 * "There is none" holds 1 s only: enough to break a stampede, short enough that a thing just made is there.
 */
export const LOOKUP_LIFETIMES_MS = {
  credential: 30_000,
  /** A user session outlives its revoked API token, and signing out, by no more than this. */
  userSession: 30_000,
  signingKey: 30_000,
  playback: 30_000,
  playbackRestriction: 30_000,
  /** An asset without a timeline may get one at any moment. */
  preparingPlayback: 250,
  missing: 1_000,
} as const;

/**
 * While the origin is away, what it said of a playback id, a restriction or a key serves on: films play through an outage. Tokens still expire, and
 * what was revoked before the outage stays revoked.
 */
const OUTAGE_MS = 3_600_000;

export interface PublicKey {
  readonly accountId: SigningKeyAnswer['account_id'];
  readonly algorithm: SigningKeyAnswer['algorithm'];
  readonly key: CryptoKey;
}

export interface Lookups {
  /** By `credentialKey(tokenId, secretSha256)`. */
  readonly credential: Lookup<CredentialAnswer>;
  /** By `userSessionKey(tokenId, sessionId)`. */
  readonly userSession: Lookup<CredentialAnswer>;
  readonly signingKey: Lookup<PublicKey>;
  readonly playback: Lookup<PlaybackAnswer>;
  readonly playbackRestriction: Lookup<PlaybackRestrictionAnswer>;
  /** By object key. Waits until a missing object is made; all who wait for one in this isolate are a single question. */
  readonly make: Lookup<SegmentAnswer>;
}

export const credentialKey = (tokenId: string, secretSha256: string): string => `${tokenId}:${secretSha256}`;
export const userSessionKey = (tokenId: string, sessionId: string): string => `${tokenId}:${sessionId}`;

export function createLookups(origin: OriginClient, clock: Clock): Lookups {
  const missingMs = LOOKUP_LIFETIMES_MS.missing;
  return {
    credential: createLookup({
      load: (key) => {
        const [tokenId = '', secretSha256 = ''] = key.split(':');
        return origin.checkCredential(tokenId, secretSha256);
      },
      foundMs: () => LOOKUP_LIFETIMES_MS.credential,
      missingMs,
      clock,
    }),
    userSession: createLookup({
      load: (key) => {
        const [tokenId = '', sessionId = ''] = key.split(':');
        return origin.getUserSession(tokenId, sessionId);
      },
      foundMs: () => LOOKUP_LIFETIMES_MS.userSession,
      missingMs,
      clock,
    }),
    signingKey: createLookup({
      load: async (kid) => {
        const answer = await origin.getSigningKey(kid);
        return answer === undefined ? undefined : importPublicKey(answer);
      },
      foundMs: () => LOOKUP_LIFETIMES_MS.signingKey,
      missingMs,
      staleMs: OUTAGE_MS,
      clock,
    }),
    playback: createLookup({
      load: origin.getPlayback,
      foundMs: (answer) => (answer.version === undefined ? LOOKUP_LIFETIMES_MS.preparingPlayback : LOOKUP_LIFETIMES_MS.playback),
      missingMs,
      staleMs: OUTAGE_MS,
      clock,
    }),
    playbackRestriction: createLookup({
      load: origin.getPlaybackRestriction,
      foundMs: () => LOOKUP_LIFETIMES_MS.playbackRestriction,
      missingMs,
      staleMs: OUTAGE_MS,
      clock,
    }),
    make: createLookup({
      load: origin.makeObject,
      // `stored` and `pending` are over once they are said: the next who misses the object asks anew.
      foundMs: ({ state }) => (state === 'unknown' ? missingMs : 0),
      missingMs,
      clock,
      joinTimeoutMs: MAKE_TIMEOUT_MS + 1_000,
    }),
  };
}

async function importPublicKey(answer: SigningKeyAnswer): Promise<PublicKey> {
  const key = await importJWK(answer.public_jwk, answer.algorithm);
  // A symmetric JWK comes back as bytes: no signing key is one, and taking it would open the classic HS256 confusion.
  if (key instanceof Uint8Array || key.type !== 'public') {
    throw new AppError('internal', 'The origin named a key that is not a public key.', { details: { kid: answer.id } });
  }
  return { accountId: answer.account_id, algorithm: answer.algorithm, key };
}
