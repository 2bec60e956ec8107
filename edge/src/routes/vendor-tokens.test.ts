import { exportJWK, exportPKCS8 } from 'jose';
import { Mux as Mux8 } from 'mux-node-8';
import { Mux as Mux12 } from 'mux-node-12';
import { Mux as Mux15 } from 'mux-node-15';
import { beforeAll, describe, expect, it } from 'vitest';
import { addFilm, createTestEdge, type Film, readError, type TestEdge } from '../testing/edge.ts';

/** Tokens made by the vendors' own signers, and what their makers would say to them. */
let edge: TestEdge;
let film: Film;
let other: Film;
let privateKeyBase64: string;
beforeAll(async () => {
  edge = await createTestEdge({ cache: { match: async () => undefined, put: async () => undefined } });
  // The signers read the real clock.
  edge.advanceMs(Date.now() - edge.ports.clock.nowMs());
  [film, other] = await Promise.all([addFilm(edge, 'signed', 'RS256'), addFilm(edge, 'signed', 'RS256')]);
  privateKeyBase64 = btoa(await exportPKCS8(film.privateKey));
});

/** 200 or the reason of the refusal. */
async function verdictOf(path: string, headers: Record<string, string> = {}): Promise<number | string | undefined> {
  const response = await edge.request(path, { headers });
  return response.ok ? response.status : ((await readError(response)).reason ?? response.status);
}

interface MuxToken {
  readonly type?: 'video' | 'thumbnail' | 'gif' | 'storyboard' | 'stats' | 'drm_license';
  readonly expiration?: string;
  readonly params?: Record<string, string>;
}

describe.each([
  ['8', Mux8],
  ['12', Mux12],
  ['15', Mux15],
])('tokens of @mux/mux-node %s', (_, Mux) => {
  const sign = (token: MuxToken, playbackId: string = film.playbackId, keyId: string = film.keyId): Promise<string> => {
    const mux = new Mux({ tokenId: 'id', tokenSecret: 'secret', jwtSigningKey: keyId, jwtPrivateKey: privateKeyBase64 });
    return mux.jwt.signPlaybackId(playbackId, token);
  };

  it.each<[string, MuxToken, number | string]>([
    ['for a video', {}, 200],
    ['for a day', { expiration: '1d' }, 200],
    ['for a year', { expiration: '365d' }, 200],
    ['for a second', { expiration: '1s' }, 200],
    ['with parameters as text', { params: { max_resolution: '720p', custom: 'x' } }, 200],
    ['for a thumbnail', { type: 'thumbnail', params: { width: '640' } }, 'audience_mismatch'],
    ['for an animation', { type: 'gif' }, 'audience_mismatch'],
    ['for a storyboard', { type: 'storyboard' }, 'audience_mismatch'],
    ['for statistics', { type: 'stats' }, 'audience_mismatch'],
    ['for a DRM licence', { type: 'drm_license' }, 'audience_mismatch'],
    ['not valid yet', { params: { nbf: '9999999999' } }, 'token_invalid'],
    ['with a restriction that was deleted', { params: { playback_restriction_id: 'f'.repeat(32) } }, 'restriction_refused'],
    ['with claims that try to be others', { params: { sub: 'x', aud: 't', exp: '1', kid: 'y' } }, 200],
  ])('%s', async (_, token, expected) => {
    expect(await verdictOf(`/${film.playbackId}.m3u8?token=${await sign(token)}`)).toBe(expected);
  });

  it('open a thumbnail when they are for one', async () => {
    const path = `/${film.playbackId}/thumbnail.jpg?token=`;
    expect(await verdictOf(path + (await sign({ type: 'thumbnail' })))).toBe(200);
    expect(await verdictOf(path + (await sign({})))).toBe('audience_mismatch');
  });

  it('are refused once they have expired', async () => {
    const path = `/${film.playbackId}.m3u8?token=${await sign({ expiration: '10s' })}`;
    // Of leeway it has 30 s, and this clock stands still while the other runs.
    edge.advanceMs(120_000);
    expect(await verdictOf(path)).toBe('token_expired');
    edge.advanceMs(-120_000);
  });

  it('are refused for another video, under another key’s name and under no key’s name', async () => {
    expect(await verdictOf(`/${other.playbackId}.m3u8?token=${await sign({})}`)).toBe('token_refused');
    expect(await verdictOf(`/${other.playbackId}.m3u8?token=${await sign({}, other.playbackId)}`)).toBe('token_refused');
    expect(await verdictOf(`/${film.playbackId}.m3u8?token=${await sign({}, film.playbackId, other.keyId)}`)).toBe('token_refused');
    expect(await verdictOf(`/${film.playbackId}.m3u8?token=${await sign({}, film.playbackId, 'f'.repeat(32))}`)).toBe('token_refused');
  });
});

describe('tokens as Cloudflare’s documentation signs them', () => {
  /** “Secure your Stream”, option 2: `kid` in header and payload, no `aud`, Web Crypto over the key's JWK. */
  async function sign(claims: Record<string, unknown>, keyId: string = film.keyId): Promise<string> {
    const encode = (bytes: Uint8Array): string =>
      btoa(String.fromCharCode(...bytes))
        .replace(/=/g, '')
        .replace(/\+/g, '-')
        .replace(/\//g, '_');
    const encodeObject = (payload: unknown): string => encode(new TextEncoder().encode(JSON.stringify(payload)));
    const token = `${encodeObject({ alg: 'RS256', kid: keyId })}.${encodeObject({ sub: film.playbackId, kid: keyId, ...claims })}`;
    const jwk = (await exportJWK(film.privateKey)) as JsonWebKey;
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign']);
    const signature = await crypto.subtle.sign({ name: 'RSASSA-PKCS1-v1_5' }, key, new TextEncoder().encode(token));
    return `${token}.${encode(new Uint8Array(signature))}`;
  }
  const inSeconds = (seconds: number): number => Math.floor(edge.ports.clock.nowMs() / 1000) + seconds;
  const onlyFrom = (...country: string[]) => [
    { type: 'ip.geoip.country', action: 'allow', country },
    { type: 'any', action: 'block' },
  ];

  it.each<[string, () => Record<string, unknown>, number | string]>([
    ['for an hour', () => ({ exp: inSeconds(3600) }), 200],
    ['for a day', () => ({ exp: inSeconds(86_400) }), 200],
    ['for two days', () => ({ exp: inSeconds(172_800) }), 'token_lives_too_long'],
    ['without an end', () => ({}), 'token_invalid'],
    ['with an end as text, as in the sample answer', () => ({ exp: String(inSeconds(3600)) }), 'token_invalid'],
    ['that have expired', () => ({ exp: inSeconds(-60) }), 'token_expired'],
    ['from a minute on', () => ({ exp: inSeconds(3600), nbf: inSeconds(60) }), 'token_not_yet_valid'],
    ['from now on', () => ({ exp: inSeconds(3600), nbf: inSeconds(0) }), 200],
    ['that allow downloads', () => ({ exp: inSeconds(3600), downloadable: true }), 200],
    ['for the viewer’s country', () => ({ exp: inSeconds(3600), accessRules: onlyFrom('AT', 'DE') }), 200],
    ['for another country', () => ({ exp: inSeconds(3600), accessRules: onlyFrom('GB') }), 'access_rule_refused'],
    [
      'for the viewer’s address, whatever his country',
      () => ({ exp: inSeconds(3600), accessRules: [{ type: 'ip.src', action: 'allow', ip: ['192.0.2.0/24'] }, ...onlyFrom('GB')] }),
      200,
    ],
    [
      'with six rules',
      () => ({ exp: inSeconds(3600), accessRules: [...onlyFrom('AT'), ...onlyFrom('AT'), ...onlyFrom('AT')] }),
      'token_invalid',
    ],
  ])('%s', async (_, claims, expected) => {
    const token = await sign(claims());
    expect(await verdictOf(`/${token}/manifest/video.m3u8`)).toBe(expected);
    expect(await verdictOf(`/${token}/manifest/video.mpd`)).toBe(expected === 200 ? 503 : expected);
    expect(await verdictOf(`/${token}/thumbnail.jpg`)).toBe(expected);
  });

  it('are refused under another key’s name', async () => {
    const token = await sign({ exp: inSeconds(3600) }, other.keyId);
    expect(await verdictOf(`/${token}/manifest/video.m3u8`)).toBe('token_refused');
  });

  it('open nothing beside the id, where a token needs an audience', async () => {
    expect(await verdictOf(`/${film.playbackId}.m3u8?token=${await sign({ exp: inSeconds(3600) })}`)).toBe('audience_mismatch');
  });
});
