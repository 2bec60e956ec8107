import { isId } from '@mediaflow/shared/ids';
import { type Bytes, decodeBase64Url } from '@mediaflow/shared/signed';
import { EDGE_KEY_ID } from '@mediaflow/shared/token';
import { parseUnambiguousJson } from './parse-unambiguous-json.ts';

/** A token as it says it is: nothing in it is verified. */
export interface ReadToken {
  /** The header's, for comparing with the key's and for nothing else. */
  readonly algorithm: unknown;
  readonly keyId: string;
  readonly claims: TokenClaims;
  /** What the signature is over. */
  readonly signedBytes: Bytes;
  readonly signature: Bytes;
}

/** The claims that every token must have in these types; rules and claims nobody has heard of stand beside them. */
export interface TokenClaims {
  readonly sub: string;
  readonly aud: readonly string[] | undefined;
  /** Unix seconds, as `nbf`. */
  readonly exp: number;
  readonly nbf: number | undefined;
  readonly [name: string]: unknown;
}

/** Longer tokens are refused unread; real ones are below 1.5 KB. */
export const MAX_TOKEN_LENGTH = 4096;

/**
 * A signed JWT in compact form (RFC 7519, RFC 7515), read so that it can mean one thing only. Of the header's parameters only `alg` and
 * `kid` count: keys and addresses of keys that come with a token (`jwk`, `jku`, `x5c`, `x5u`) are not looked at. Pure.
 *
 * @returns undefined for what cannot be a token of ours
 */
export function readToken(token: string): ReadToken | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  const parts = token.split('.');
  // Canonical base64url, so that unused bits of a last digit cannot make two spellings of one token.
  const [header, payload, signature] = parts.map(decodeBase64Url);
  if (parts.length !== 3 || header === undefined || payload === undefined || signature === undefined) return undefined;
  const parameters = parseObject(header);
  const claims = parseObject(payload);
  if (parameters === undefined || claims === undefined || hasExtension(parameters)) return undefined;
  const keyId = pickKeyId(parameters.kid, claims.kid);
  const checked = checkClaims(claims);
  if (keyId === undefined || checked === undefined) return undefined;
  const signedBytes = new TextEncoder().encode(token.slice(0, token.lastIndexOf('.'))) as Bytes;
  return { algorithm: parameters.alg, keyId, claims: checked, signedBytes, signature };
}

function parseObject(bytes: Bytes): Readonly<Record<string, unknown>> | undefined {
  try {
    return parseUnambiguousJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** None is understood here, and one that is not understood must be refused (RFC 7515 section 4.1.11). `b64` is one that is no more a JWT (RFC 7797). */
const hasExtension = (header: Readonly<Record<string, unknown>>): boolean => Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64');

/**
 * From the payload (Mux's Node, Ruby, Go and PHP signers), the header (others), or both (Cloudflare), which must then agree.
 */
function pickKeyId(inHeader: unknown, inPayload: unknown): string | undefined {
  const keyId = inPayload ?? inHeader;
  const isNamed = typeof keyId === 'string' && (keyId === EDGE_KEY_ID || isId(keyId));
  const isOne = [inHeader, inPayload].every((named) => named === undefined || named === keyId);
  return isNamed && isOne ? keyId : undefined;
}

function checkClaims(claims: Readonly<Record<string, unknown>>): TokenClaims | undefined {
  const { sub, aud, exp, nbf } = claims;
  const audiences = typeof aud === 'string' ? [aud] : aud;
  if (typeof sub !== 'string' || !isTime(exp)) return undefined;
  if (nbf !== undefined && !isTime(nbf)) return undefined;
  if (audiences !== undefined && !isListOfText(audiences)) return undefined;
  return { ...claims, sub, aud: audiences, exp, nbf };
}

/** 1e999 is valid JSON and infinite. */
const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const isListOfText = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
