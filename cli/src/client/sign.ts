import { createPrivateKey, type KeyObject } from 'node:crypto';
import { AppError } from '@mediaflow/shared/errors';
import { PLAYBACK_AUDIENCES, type SigningAlgorithm } from '@mediaflow/shared/token';
import { SignJWT } from 'jose';
import type { ApiClient } from './api-client.ts';
import { issueToken } from './assets.ts';
import type { Installation, SigningKeyPair } from './installation.ts';

export type TokenType = keyof typeof PLAYBACK_AUDIENCES;

export interface TokenRequest {
  readonly playbackId: string;
  readonly type: TokenType;
  readonly expiresInSeconds: number;
}

/** Signed here where the installation's key is at hand, else issued by it. */
export function obtainToken(
  api: ApiClient,
  { signingKey }: Pick<Installation, 'signingKey'>,
  { assetId, ...request }: TokenRequest & { readonly assetId: string },
): Promise<string> {
  const { playbackId, type, expiresInSeconds } = request;
  if (signingKey === undefined) return issueToken(api, assetId, playbackId, { type, expires_in: expiresInSeconds });
  return signPlaybackToken(signingKey, request, Date.now() / 1000);
}

/** A playback token as Mux's SDKs make it: the key's id in the payload, and in the header for everybody else. `now` in Unix seconds. */
export async function signPlaybackToken(key: SigningKeyPair, request: TokenRequest, now: number): Promise<string> {
  const privateKey = importKey(key.privateKey);
  return new SignJWT({ kid: key.id })
    .setProtectedHeader({ alg: algorithmOf(privateKey), kid: key.id, typ: 'JWT' })
    .setSubject(request.playbackId)
    .setAudience(PLAYBACK_AUDIENCES[request.type])
    .setExpirationTime(Math.floor(now) + request.expiresInSeconds)
    .sign(privateKey);
}

function importKey(base64Pem: string): KeyObject {
  try {
    return createPrivateKey(Buffer.from(base64Pem, 'base64').toString('utf8'));
  } catch (error) {
    throw new AppError('invalid_parameters', 'The signing key cannot be read; it must be the base64 of a PKCS#8 PEM.', { cause: error });
  }
}

function algorithmOf(key: KeyObject): SigningAlgorithm {
  if (key.asymmetricKeyType === 'rsa') return 'RS256';
  if (key.asymmetricKeyType === 'ec') return 'ES256';
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  throw new AppError('invalid_parameters', `A signing key of type ${key.asymmetricKeyType} is of no use here.`);
}
