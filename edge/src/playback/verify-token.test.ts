import { newSigningKeyId } from '@mediaflow/shared/ids';
import { SIGNING_ALGORITHMS } from '@mediaflow/shared/token';
import { generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { MAX_TOKEN_LENGTH } from './read-token.ts';
import { verifyToken } from './verify-token.ts';

const NOW = 1_800_000_000;
const kid = newSigningKeyId();

async function createSigner(algorithm: (typeof SIGNING_ALGORITHMS)[number]) {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const sign = (changes: Record<string, unknown> = {}): Promise<string> =>
    new SignJWT({ sub: 'a'.repeat(32), aud: 'v', exp: NOW + 60, kid, ...changes }).setProtectedHeader({ alg: algorithm }).sign(privateKey);
  const verify = (token: string) =>
    verifyToken(token, {
      audience: 'v',
      isInPath: false,
      nowMs: NOW * 1000,
      findKey: async () => ({ algorithm, key: publicKey }),
    });
  return { sign, verify };
}

describe.each(SIGNING_ALGORITHMS)('a changed %s token', (algorithm) => {
  it('is refused, whichever bit was changed', async () => {
    const { sign, verify } = await createSigner(algorithm);
    const token = await sign();
    expect((await verify(token)).ok).toBe(true);
    const accepted: string[] = [];
    for (let at = 0; at < token.length; at += 1) {
      for (let bit = 0; bit < 7; bit += 1) {
        const changed = token.slice(0, at) + String.fromCharCode(token.charCodeAt(at) ^ (1 << bit)) + token.slice(at + 1);
        if ((await verify(changed)).ok) accepted.push(changed);
      }
    }
    expect(accepted).toEqual([]);
  });

  it('is refused, cut, doubled or padded', async () => {
    const { sign, verify } = await createSigner(algorithm);
    const token = await sign();
    const [header, payload, signature] = token.split('.');
    const other = (await sign({ exp: NOW + 61 })).split('.');
    const changed = [
      '',
      '.',
      '..',
      '...',
      `${token}=`,
      `${token}A`,
      `${token}.`,
      ` ${token}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${header}.${other[1]}.${signature}`,
      `${header}.${payload}.${other[2]}`,
      `${payload}.${header}.${signature}`,
      ...Array.from({ length: token.length }, (_, length) => token.slice(0, length)),
    ];
    for (const text of changed) expect((await verify(text)).ok, text).toBe(false);
  });
});

it('refuses an over-long token, however well signed', async () => {
  const { sign, verify } = await createSigner('ES256');
  expect((await verify(await sign({ custom: 'x'.repeat(2000) }))).ok).toBe(true);
  expect(await verify(await sign({ custom: 'x'.repeat(MAX_TOKEN_LENGTH) }))).toEqual({ ok: false, reason: 'token_invalid' });
});

it('passes an outage on, and never takes it for a bad token', async () => {
  const { sign } = await createSigner('ES256');
  const outage = new Error('the origin is away');
  const verdict = verifyToken(await sign(), {
    audience: 'v',
    isInPath: false,
    nowMs: NOW * 1000,
    findKey: () => Promise.reject(outage),
  });
  await expect(verdict).rejects.toBe(outage);
});
