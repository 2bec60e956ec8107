import { beforeAll, describe, expect, it } from 'vitest';
import { signGrant, verifyGrant } from './grant.ts';
import { newAccountId, newAssetId, newPlaybackId, newTokenId, newUploadId, randomHex } from './ids.ts';
import { PRINCIPAL_LIFE_SECONDS, signPrincipal, verifyPrincipal } from './principal.ts';
import { type Session, signSession, verifySession } from './session.ts';
import { decodeBase64Url, deriveHmacKey, encodeBase64Url, type HmacKey, sha256Hex, signJson, verifyJson } from './signed.ts';

const SECRET = 'a secret of the installation, long enough';
const NOW = 1_800_000_000;
let keys: Record<'session' | 'principal' | 'grant', HmacKey>;

beforeAll(async () => {
  keys = {
    session: await deriveHmacKey(SECRET, 'session'),
    principal: await deriveHmacKey(SECRET, 'principal'),
    grant: await deriveHmacKey(SECRET, 'grant'),
  };
});

/** Every text that differs from `text` in one character. */
function mutations(text: string): readonly string[] {
  const replacements = ['A', 'B', '_', '.', '=', '~'];
  return Array.from(text, (char, index) =>
    replacements.filter((candidate) => candidate !== char).map((candidate) => text.slice(0, index) + candidate + text.slice(index + 1)),
  ).flat();
}

describe('sessions', () => {
  const session: Session = {
    assetId: newAssetId(),
    version: 7,
    expiresAt: NOW + 86_400,
    viewerId: randomHex(8),
    playbackId: newPlaybackId(),
    signerId: randomHex(8),
    maxShortSide: 1080,
    minShortSide: 0,
  };
  const clipped: Session = {
    ...session,
    clip: { startMs: 1500, endMs: 2 ** 32 - 1, originMs: 4, firstSegment: 0, lastSegment: 1_000_000 },
  };

  it.each([
    ['whole', session],
    ['clipped', clipped],
  ])('come back as they were (%s)', async (_, given) => {
    expect(await verifySession(keys.session, await signSession(keys.session, given), NOW)).toEqual(given);
  });

  it('hold times beyond 2106', async () => {
    const late = { ...session, expiresAt: 2 ** 33 + 5 };
    expect(await verifySession(keys.session, await signSession(keys.session, late), NOW)).toEqual(late);
  });

  it('are short enough for a path segment', async () => {
    expect((await signSession(keys.session, session)).length).toBe(106);
    expect((await signSession(keys.session, clipped)).length).toBe(132);
  });

  it('end with their time', async () => {
    const text = await signSession(keys.session, session);
    expect(await verifySession(keys.session, text, session.expiresAt - 1)).toEqual(session);
    expect(await verifySession(keys.session, text, session.expiresAt)).toBeUndefined();
  });

  it('do not survive any change', async () => {
    const text = await signSession(keys.session, session);
    for (const forged of [...mutations(text), text.slice(1), `${text}A`, `${text}=`, '', 'A'.repeat(106), 'A'.repeat(100_000)]) {
      expect(await verifySession(keys.session, forged, NOW), forged.slice(0, 100)).toBeUndefined();
    }
  });

  it('do not survive a change of any one bit', async () => {
    const bytes = decodeBase64Url(await signSession(keys.session, session)) ?? new Uint8Array();
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const forged = bytes.slice();
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await verifySession(keys.session, encodeBase64Url(forged), NOW), `bit ${bit}`).toBeUndefined();
    }
  });

  it('of another purpose or secret are nothing', async () => {
    const text = await signSession(keys.grant, session);
    expect(await verifySession(keys.session, text, NOW)).toBeUndefined();
    expect(
      await verifySession(await deriveHmacKey(`${SECRET}!`, 'session'), await signSession(keys.session, session), NOW),
    ).toBeUndefined();
  });
});

describe('principals', () => {
  const principal = { kind: 'token', accountId: newAccountId(), tokenId: newTokenId() } as const;

  it('last a minute', async () => {
    const text = await signPrincipal(keys.principal, principal, NOW);
    expect(await verifyPrincipal(keys.principal, text, NOW + PRINCIPAL_LIFE_SECONDS - 1)).toMatchObject(principal);
    expect(await verifyPrincipal(keys.principal, text, NOW + PRINCIPAL_LIFE_SECONDS)).toBeUndefined();
  });

  it('do not survive any change', async () => {
    const text = await signPrincipal(keys.principal, principal, NOW);
    for (const forged of [...mutations(text), '', '.', 'a.b', 'A'.repeat(100_000)]) {
      expect(await verifyPrincipal(keys.principal, forged, NOW), forged.slice(0, 100)).toBeUndefined();
    }
  });

  it('need the right shape even when rightly signed', async () => {
    const exp = NOW + 10;
    for (const value of [
      null,
      1,
      [],
      { kind: 'root', exp },
      { ...principal, accountId: 'x', exp },
      { ...principal },
      { ...principal, exp: String(exp) },
    ]) {
      expect(await verifyPrincipal(keys.principal, await signJson(keys.principal, value), NOW)).toBeUndefined();
    }
  });
});

describe('grants', () => {
  it('name their upload and nothing else', async () => {
    const uploadId = newUploadId();
    const grant = await signGrant(keys.grant, uploadId);
    expect(await verifyGrant(keys.grant, grant)).toBe(uploadId);
    expect(await verifyGrant(keys.session, grant)).toBeUndefined();
    for (const forged of [...mutations(grant), `${grant}.x`, '', '.', uploadId, '../..']) {
      expect(await verifyGrant(keys.grant, forged), forged).toBeUndefined();
    }
  });
});

describe('encodings', () => {
  it('base64url has one spelling for each value', () => {
    for (let length = 0; length < 40; length += 1) {
      const bytes = crypto.getRandomValues(new Uint8Array(length));
      expect(decodeBase64Url(encodeBase64Url(bytes))).toEqual(bytes);
    }
    for (const text of ['A', 'AB', 'AAA=', 'AA==', 'A A', '+/', 'AAB', 'é']) expect(decodeBase64Url(text), text).toBeUndefined();
  });

  it('signed JSON is only readable with its key', async () => {
    const text = await signJson(keys.grant, { a: [1, 'ü'] });
    expect(await verifyJson(keys.grant, text)).toEqual({ a: [1, 'ü'] });
    expect(await verifyJson(keys.session, text)).toBeUndefined();
  });

  it('SHA-256 is the standard one', async () => {
    expect(await sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
