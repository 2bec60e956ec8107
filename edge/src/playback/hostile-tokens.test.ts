import type { SigningAlgorithm } from '@mediaflow/shared/token';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { createRandom, mutateToken } from '../testing/mutate-token.ts';
import { verifyToken } from './verify-token.ts';

const NOW = 1_800_000_000;
const KEY_ID = '0123456789abcdef0123456789abcdef';
const SUBJECT = 'fedcba9876543210fedcba9876543210';

async function createSigner(algorithm: SigningAlgorithm) {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const sign = (changes: object = {}): Promise<string> =>
    new SignJWT({ sub: SUBJECT, aud: 'v', exp: NOW + 600, kid: KEY_ID, ...changes })
      .setProtectedHeader({ alg: algorithm })
      .sign(privateKey);
  const accepts = async (token: string): Promise<boolean> => {
    const findKey = async () => ({ algorithm, key: publicKey });
    return (await verifyToken(token, { audience: 'v', isInPath: true, nowMs: NOW * 1000, findKey })).ok;
  };
  // Good for nothing here: expired, for another kind of resource, for later.
  const loot = {
    tokens: await Promise.all([sign({ exp: NOW - 600 }), sign({ aud: 't' }), sign({ nbf: NOW + 600 })]),
    publicKey: JSON.stringify(await exportJWK(publicKey)),
  };
  return { sign, accepts, loot };
}

it.each([
  ['EdDSA', 50_000, 1],
  ['ES256', 50_000, 2],
  ['RS256', 20_000, 3],
] as const)(
  'no hostile %s token is accepted, of %i different ones',
  async (algorithm, count, seed) => {
    const { sign, accepts, loot } = await createSigner(algorithm);
    const token = await sign();
    const random = createRandom(seed);
    const seen = new Set<string>();
    const accepted: string[] = [];
    while (seen.size < count) {
      const mutant = mutateToken(token, random, loot);
      if (seen.has(mutant)) continue;
      seen.add(mutant);
      if (await accepts(mutant)) accepted.push(mutant);
    }
    expect(accepted).toEqual([]);
    expect(await accepts(token)).toBe(true);
    expect(await Promise.all(loot.tokens.map(accepts))).toEqual([false, false, false]);
  },
  120_000,
);
