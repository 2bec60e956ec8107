import { type AccountId, isId } from '@mediaflow/shared/ids';
import { decodeBase64Url } from '@mediaflow/shared/signed';
import { EDGE_KEY_ID, type PlaybackAudience, type SigningAlgorithm } from '@mediaflow/shared/token';
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
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
  /** Cloudflare's tokens, which stand in the path, carry no `aud`. A wrong one is refused all the same. */
  readonly isAudienceOptional: boolean;
  readonly nowMs: number;
  /** Undefined when there is no such key. Called only with a well-formed key id. */
  readonly findKey: (kid: string) => Promise<VerificationKey | undefined>;
}

export type TokenVerdict =
  | { readonly ok: true; readonly claims: JWTPayload; readonly keyId: string; readonly accountId: AccountId | undefined }
  | { readonly ok: false; readonly reason: RefusalReason };

/** Longer tokens are refused unread; real ones are below 1.5 KB. */
export const MAX_TOKEN_LENGTH = 4096;
/** Clocks of customers' servers are off by a little. */
export const CLOCK_SKEW_SECONDS = 30;

/**
 * Signature, times and audience of a playback token (RFC 7519, RFC 8725). Whether its subject may be played is decided
 * afterwards, with the asset at hand (`decide-playback.ts`).
 */
export async function verifyToken(token: string, context: TokenContext): Promise<TokenVerdict> {
  const kid = readKeyId(token);
  if (kid === undefined) return refuse('token_invalid');
  const key = await context.findKey(kid);
  // No word on whether the key exists: the same answer as for a bad signature.
  if (key === undefined) return refuse('token_refused');
  try {
    const { payload } = await jwtVerify(token, key.key, {
      // By the key and never by the token's header, else a public key becomes an HMAC secret.
      algorithms: [key.algorithm],
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(context.nowMs),
      requiredClaims: ['sub', 'exp'],
    });
    if (!hasAudience(payload, context)) return refuse('audience_mismatch');
    return { ok: true, claims: payload, keyId: kid, accountId: key.accountId };
  } catch (error) {
    return refuse(toReason(error));
  }
}

/**
 * The key id from the payload (Mux's Node, Ruby, Go and PHP signers), the header (others), or both (Cloudflare), which
 * must then agree.
 */
function readKeyId(token: string): string | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  const parts = token.split('.');
  // Strict base64url, so that unused bits of a last digit cannot make two spellings of one token.
  if (parts.length !== 3 || parts.some((part) => decodeBase64Url(part) === undefined)) return undefined;
  try {
    const named = [decodeProtectedHeader(token).kid, decodeJwt(token).kid].filter((kid) => kid !== undefined);
    const [kid] = named;
    const isUsable = typeof kid === 'string' && named.every((other) => other === kid);
    return isUsable && (kid === EDGE_KEY_ID || isId(kid)) ? kid : undefined;
  } catch {
    return undefined;
  }
}

function hasAudience({ aud }: JWTPayload, { audience, isAudienceOptional }: TokenContext): boolean {
  if (aud === undefined) return isAudienceOptional;
  return aud === audience || (Array.isArray(aud) && aud.includes(audience));
}

function toReason(error: unknown): RefusalReason {
  if (error instanceof errors.JWTExpired) return 'token_expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === 'nbf' && error.reason === 'check_failed' ? 'token_not_yet_valid' : 'token_invalid';
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JOSEAlgNotAllowed) return 'token_refused';
  if (error instanceof errors.JOSEError) return 'token_invalid';
  throw error;
}

const refuse = (reason: RefusalReason): TokenVerdict => ({ ok: false, reason });
