import type { AccountId } from '@mediaflow/shared/ids';
import type { PlaybackAudience, SigningAlgorithm } from '@mediaflow/shared/token';
import { type ReadToken, readToken, type TokenClaims } from './read-token.ts';
import type { RefusalReason } from './refusal.ts';

/** The key a token names, with the one algorithm it is good for. */
export interface VerificationKey {
  readonly algorithm: SigningAlgorithm | 'HS256';
  readonly key: CryptoKey;
  /** Whose playback ids the key opens; undefined for the edge's own key, which signs only after it has checked. */
  readonly accountId?: AccountId;
}

export interface TokenContext {
  readonly audience: PlaybackAudience;
  /** Whether the token stands in the path, in the playback id's place. */
  readonly isInPath: boolean;
  readonly nowMs: number;
  /** Undefined when there is no such key. Called only with a well-formed key id. */
  readonly findKey: (kid: string) => Promise<VerificationKey | undefined>;
}

export type TokenVerdict =
  | { readonly ok: true; readonly claims: TokenClaims; readonly keyId: string; readonly accountId: AccountId | undefined }
  | { readonly ok: false; readonly reason: RefusalReason };

/** Clocks of customers' servers are off by a little. */
export const CLOCK_SKEW_SECONDS = 30;
/** Of Cloudflare's tokens. Mux sets no limit: tokens of a year are in use. */
export const MAX_CLOUDFLARE_LIFE_SECONDS = 24 * 3600;

interface SignatureScheme {
  readonly parameters: Parameters<typeof crypto.subtle.verify>[0];
  readonly length?: number;
}

/** RFC 7518 section 3, RFC 8037. Lengths in bytes; RSA's is the key's. */
const SCHEMES: Readonly<Record<VerificationKey['algorithm'], SignatureScheme>> = {
  RS256: { parameters: 'RSASSA-PKCS1-v1_5' },
  ES256: { parameters: { name: 'ECDSA', hash: 'SHA-256' }, length: 64 },
  EdDSA: { parameters: 'Ed25519', length: 64 },
  HS256: { parameters: 'HMAC', length: 32 },
};

/**
 * Signature, times and audience of a playback token (RFC 7519, RFC 8725). Whether its subject may be played is decided
 * afterwards, with the asset at hand (`decide-playback.ts`).
 */
export async function verifyToken(text: string, context: TokenContext): Promise<TokenVerdict> {
  const token = readToken(text);
  if (token === undefined) return refuse('token_invalid');
  const key = await context.findKey(token.keyId);
  // No word on whether the key exists: the same answer as for a bad signature.
  if (key === undefined || !(await isSignedBy(key, token))) return refuse('token_refused');
  const reason = findFault(token.claims, context);
  return reason === undefined ? { ok: true, claims: token.claims, keyId: token.keyId, accountId: key.accountId } : refuse(reason);
}

/** By the key's algorithm and never by the token's, else a public key becomes an HMAC secret. */
async function isSignedBy({ algorithm, key }: VerificationKey, token: ReadToken): Promise<boolean> {
  const { parameters, length = token.signature.length } = SCHEMES[algorithm];
  // Where the length is wrong some runtimes throw and others say no.
  if (token.algorithm !== algorithm || token.signature.length !== length) return false;
  return crypto.subtle.verify(parameters, key, token.signature, token.signedBytes);
}

/** What speaks against a token that its key did sign. Pure. */
function findFault({ exp, nbf, aud }: TokenClaims, { audience, isInPath, nowMs }: TokenContext): RefusalReason | undefined {
  const now = Math.floor(nowMs / 1000);
  if (exp <= now - CLOCK_SKEW_SECONDS) return 'token_expired';
  if (nbf !== undefined && nbf > now + CLOCK_SKEW_SECONDS) return 'token_not_yet_valid';
  if (aud !== undefined) return aud.includes(audience) ? undefined : 'audience_mismatch';
  // Without an audience a token is Cloudflare's, which opens all of a video, for a day at most, and only in the id's place.
  if (!isInPath) return 'audience_mismatch';
  return exp > now + MAX_CLOUDFLARE_LIFE_SECONDS + CLOCK_SKEW_SECONDS ? 'token_lives_too_long' : undefined;
}

const refuse = (reason: RefusalReason): TokenVerdict => ({ ok: false, reason });
