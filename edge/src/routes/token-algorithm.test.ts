import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { addFilm, createTestEdge, type Film, readError, type TestEdge } from '../testing/edge.ts';

let edge: TestEdge;
let film: Film;
beforeEach(async () => {
  edge = await createTestEdge();
  film = await addFilm(edge);
});

describe('the algorithm is the key’s', () => {
  const base64Url = (value: unknown): string => btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const claims = (): JWTPayload => ({ sub: film.playbackId, aud: 'v', exp: edge.origin.nowSeconds + 600, kid: film.keyId });

  it.each(['none', 'None', 'NONE'])('refuses alg %s', async (alg) => {
    for (const signature of ['', 'AA']) {
      const token = `${base64Url({ alg })}.${base64Url(claims())}.${signature}`;
      expect((await edge.request(`/${film.playbackId}.m3u8?token=${token}`)).status).toBe(403);
    }
  });

  it.each(['none', 'HS256', 'RS256', 'ES384', 'EdDSA', 'es256', '', 7, null, ['ES256']])(
    'refuses alg %j over a good ES256 signature',
    async (alg) => {
      const token = await film.signRaw(JSON.stringify({ alg }), JSON.stringify(film.claims()));
      expect((await readError(await edge.request(`/${film.playbackId}.m3u8?token=${token}`))).reason).toBe('token_refused');
    },
  );

  it('refuses HS256 with the public key as the secret', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(film.publicJwk).padEnd(64));
    const token = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    expect((await edge.request(`/${film.playbackId}.m3u8?token=${token}`)).status).toBe(403);
  });

  it('refuses another algorithm of the same family of keys', async () => {
    const { privateKey } = await generateKeyPair('RS512', { extractable: true });
    const token = await new SignJWT(claims()).setProtectedHeader({ alg: 'RS512' }).sign(privateKey);
    expect((await edge.request(`/${film.playbackId}.m3u8?token=${token}`)).status).toBe(403);
  });

  it('refuses a key that comes with the token', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const header = { alg: 'ES256', jwk: await exportJWK(publicKey), jku: 'https://evil.example/keys' };
    const token = await new SignJWT(claims()).setProtectedHeader(header).sign(privateKey);
    expect((await edge.request(`/${film.playbackId}.m3u8?token=${token}`)).status).toBe(403);
  });

  it('refuses a token under the edge’s own kid that the edge did not sign', async () => {
    expect((await edge.request(`/${film.playbackId}.m3u8?token=${await film.sign({ kid: 'edge' })}`)).status).toBe(403);
  });

  it('takes no symmetric key, should the origin ever name one', async () => {
    const known = edge.origin.signingKeys.get(film.keyId);
    if (known === undefined) throw new Error('the film has no key');
    edge.origin.signingKeys.set(film.keyId, { ...known, public_jwk: { kty: 'oct', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA' } });
    expect((await edge.request(`/${film.playbackId}.m3u8?token=${await film.sign()}`)).status).toBe(500);
  });
});
