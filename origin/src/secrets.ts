import { createHash, generateKeyPair, type KeyPairKeyObjectResult, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningAlgorithm } from '@mediaflow/shared/token';

const generate = promisify(generateKeyPair);

export interface NewSigningKey {
  /** RFC 7517; all that is kept. */
  readonly publicJwk: Readonly<Record<string, unknown>>;
  /** Base64 of a PKCS#8 PEM; shown to its owner once. */
  readonly privateKey: string;
}

export async function generateSigningKey(algorithm: SigningAlgorithm): Promise<NewSigningKey> {
  const { publicKey, privateKey } = await generateFor(algorithm);
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  return {
    publicJwk: { ...publicKey.export({ format: 'jwk' }), alg: algorithm, use: 'sig' },
    privateKey: Buffer.from(pem).toString('base64'),
  };
}

function generateFor(algorithm: SigningAlgorithm): Promise<KeyPairKeyObjectResult> {
  switch (algorithm) {
    case 'RS256':
      return generate('rsa', { modulusLength: 2048 });
    case 'ES256':
      return generate('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generate('ed25519', {});
  }
}

/** 256 bits: too many to guess, so a plain SHA-256 of it is safe to store. */
export const generateTokenSecret = (): string => randomBytes(32).toString('base64url');

export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');
