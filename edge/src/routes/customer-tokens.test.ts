import { beforeEach, describe, expect, it } from 'vitest';
import { addFilm, type ClaimChanges, createTestEdge, type Film, readError, type TestEdge } from '../testing/edge.ts';

let edge: TestEdge;
let film: Film;
beforeEach(async () => {
  edge = await createTestEdge();
  film = await addFilm(edge);
});

describe('tokens of customers’ own signers', () => {
  it.each(['RS256', 'ES256', 'EdDSA'] as const)('open under %s', async (algorithm) => {
    const own = await addFilm(edge, 'signed', algorithm);
    expect((await edge.request(`/${own.playbackId}.m3u8?token=${await own.sign()}`)).status).toBe(200);
  });

  it.each<[string, (film: Film) => Promise<string>]>([
    ['kid in the payload only (Mux’s Node, Ruby, Go, PHP)', (own) => own.sign()],
    ['kid in the header only (Mux’s Elixir, Python)', (own) => own.sign({ kid: undefined }, { kid: own.keyId })],
    ['kid in both (Cloudflare)', (own) => own.sign({}, { kid: own.keyId })],
    ['aud as a list', (own) => own.sign({ aud: ['t', 'v'] })],
    ['unknown claims, numbers as text and as numbers', (own) => own.sign({ width: 640, time: '10', custom: { a: [1] }, iss: 'x' })],
    ['nbf within the clock skew', (own) => own.sign({ nbf: edge.origin.nowSeconds + 29 })],
    ['exp within the clock skew', (own) => own.sign({ exp: edge.origin.nowSeconds - 29 })],
  ])('open with %s', async (_, sign) => {
    expect((await edge.request(`/${film.playbackId}.m3u8?token=${await sign(film)}`)).status).toBe(200);
  });

  it('need no aud in the path, where Cloudflare’s stand, but not a wrong one either', async () => {
    expect((await edge.request(`/${await film.sign({ aud: undefined })}/manifest/video.m3u8`)).status).toBe(200);
    expect((await edge.request(`/${await film.sign({ aud: 't' })}/manifest/video.m3u8`)).status).toBe(403);
    expect((await edge.request(`/${film.playbackId}.m3u8?token=${await film.sign({ aud: undefined })}`)).status).toBe(403);
  });

  it.each<[string, ClaimChanges, string]>([
    ['expired', { exp: 1 }, 'token_expired'],
    ['without exp', { exp: undefined }, 'token_invalid'],
    ['with exp as text', { exp: '4102444800' }, 'token_invalid'],
    ['not valid yet', { nbf: 4_102_444_800 }, 'token_not_yet_valid'],
    ['for a thumbnail', { aud: 't' }, 'audience_mismatch'],
    ['without sub', { sub: undefined }, 'token_invalid'],
    ['for another video', { sub: '0123456789abcdef0123456789abcdef' }, 'token_refused'],
    ['without kid', { kid: undefined }, 'token_invalid'],
    ['with an unknown kid', { kid: '0123456789abcdef0123456789abcdef' }, 'token_refused'],
    ['with a kid that is a path', { kid: '../playback-ids/x' }, 'token_invalid'],
    ['with sub as a number', { sub: 5 }, 'token_invalid'],
    ['with sub as a list', { sub: ['x'] }, 'token_invalid'],
    ['with aud as a number', { aud: 1 }, 'token_invalid'],
    ['with aud as an empty list', { aud: [] }, 'token_invalid'],
    ['with aud as null', { aud: null }, 'token_invalid'],
    ['with exp as null', { exp: null }, 'token_invalid'],
    ['with nbf as text', { nbf: '1' }, 'token_invalid'],
    ['with kid as a number', { kid: 1 }, 'token_invalid'],
    ['with kid as a list', { kid: ['0123456789abcdef0123456789abcdef'] }, 'token_invalid'],
    ['with a restriction there is not', { playback_restriction_id: '0123456789abcdef0123456789abcdef' }, 'restriction_refused'],
    ['with a restriction that is a path', { playback_restriction_id: '../playback-ids/x' }, 'restriction_refused'],
    ['with a rule against everybody', { accessRules: [{ type: 'any', action: 'block' }] }, 'access_rule_refused'],
    ['with a clip that we cannot cut', { program_start_time: 1_700_000_000 }, 'restriction_not_enforced'],
  ])('are refused when %s', async (_, claims, reason) => {
    const response = await edge.request(`/${film.playbackId}.m3u8?token=${await film.sign(claims)}`);
    expect(response.status).toBe(403);
    expect((await readError(response)).reason).toBe(reason);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('are refused when header and payload name two keys', async () => {
    const other = await addFilm(edge);
    const token = await film.sign({}, { kid: other.keyId });
    expect((await edge.request(`/${film.playbackId}.m3u8?token=${token}`)).status).toBe(403);
  });

  it('are refused on another customer’s video, even with the right sub', async () => {
    const other = await addFilm(edge);
    const token = await other.sign({ sub: film.playbackId });
    expect((await readError(await edge.request(`/${film.playbackId}.m3u8?token=${token}`))).reason).toBe('token_refused');
    expect((await edge.request(`/${token}.m3u8`)).status).toBe(403);
  });

  it('are refused twice over: which one would count?', async () => {
    const token = await film.sign();
    expect((await edge.request(`/${film.playbackId}.m3u8?token=${token}&token=${token}`)).status).toBe(400);
  });

  it.each<[string, object]>([
    ['an extension nobody knows', { crit: ['x'], x: 1 }],
    ['crit without extensions', { crit: [] }],
    ['crit that is null', { crit: null }],
    ['an unencoded payload', { crit: ['b64'], b64: false }],
    ['a way of encoding that is the usual one', { b64: true }],
    ['a kid that is null', { kid: null }],
  ])('are refused with %s in the header', async (_, header) => {
    const token = await film.signRaw(JSON.stringify({ alg: 'ES256', ...header }), JSON.stringify(film.claims()));
    expect((await readError(await edge.request(`/${film.playbackId}.m3u8?token=${token}`))).reason).toBe('token_invalid');
  });

  it.each<[string, (header: string, claims: string) => readonly [string, string]]>([
    ['two algorithms', (header, claims) => [header.replace('{', '{"alg":"none",'), claims]],
    ['two kids', (header, claims) => [header, claims.replace('{', '{"kid":"0123456789abcdef0123456789abcdef",')]],
    ['two subjects', (header, claims) => [header, claims.replace('{', '{"s\\u0075b":"0123456789abcdef0123456789abcdef",')]],
    ['two ends', (header, claims) => [header, claims.replace('}', ',"exp":4102444800}')]],
    ['claims in a list', (header, claims) => [header, `[${claims}]`]],
    ['claims that nest deep', (header, claims) => [header, claims.replace('{', `{"x":${'['.repeat(500)}${']'.repeat(500)},`)]],
    ['an end at infinity', (header, claims) => [header, claims.replace(/"exp":\d+/, '"exp":1e999')]],
    ['a byte order mark', (header, claims) => [header, `\ufeff${claims}`]],
    ['text for a header', (_, claims) => ['"ES256"', claims]],
  ])('are refused with %s', async (_, change) => {
    const token = await film.signRaw(...change(JSON.stringify({ alg: 'ES256' }), JSON.stringify(film.claims())));
    expect((await readError(await edge.request(`/${film.playbackId}.m3u8?token=${token}`))).reason).toBe('token_invalid');
  });

  it('are refused when they are not UTF-8, which readers mend in different ways', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ ...film.claims(), note: '?' }));
    const sign = () => film.signRaw(JSON.stringify({ alg: 'ES256' }), bytes);
    expect((await edge.request(`/${film.playbackId}.m3u8?token=${await sign()}`)).status).toBe(200);
    bytes[bytes.lastIndexOf('?'.charCodeAt(0))] = 0xff;
    expect((await readError(await edge.request(`/${film.playbackId}.m3u8?token=${await sign()}`))).reason).toBe('token_invalid');
  });

  it('end and begin on the second, with half a minute for clocks that are off', async () => {
    const now = edge.origin.nowSeconds;
    const token = await film.sign({ nbf: now, exp: now + 60 });
    const path = `/${film.playbackId}.m3u8?token=${token}`;
    const at = async (seconds: number): Promise<string | number> => {
      edge.advanceMs((now + seconds - edge.origin.nowSeconds) * 1000);
      const response = await edge.request(path);
      return response.ok ? response.status : ((await readError(response)).reason ?? response.status);
    };
    const seen = [];
    for (const seconds of [-120, -31, -30, 0, 60, 89, 90, 120]) seen.push(await at(seconds));
    expect(seen).toEqual(['token_not_yet_valid', 'token_not_yet_valid', ...[200, 200, 200, 200], 'token_expired', 'token_expired']);
  });

  it.each<[string, ClaimChanges, number | string]>([
    ['a day', { aud: undefined, exp: 86_400 }, 200],
    ['a day and half a minute', { aud: undefined, exp: 86_430 }, 200],
    ['a second more', { aud: undefined, exp: 86_431 }, 'token_lives_too_long'],
    ['a year, with an audience', { exp: 31_536_000 }, 200],
  ])('in the id’s place may live %s', async (_, claims, expected) => {
    const token = await film.sign({ ...claims, exp: edge.origin.nowSeconds + Number(claims.exp) });
    const response = await edge.request(`/${token}/manifest/video.m3u8`);
    expect(response.ok ? response.status : (await readError(response)).reason).toBe(expected);
  });

  it('may live a year in the query', async () => {
    const token = await film.sign({ exp: edge.origin.nowSeconds + 31_536_000 });
    expect((await edge.request(`/${film.playbackId}.m3u8?token=${token}`)).status).toBe(200);
  });

  it('may be signed with two keys while one takes over from the other', async () => {
    const next = await film.rotateKey();
    const open = async (token: string): Promise<number> => (await edge.request(`/${film.playbackId}.m3u8?token=${token}`)).status;
    expect([await open(await film.sign()), await open(await next.sign())]).toEqual([200, 200]);
    edge.origin.signingKeys.delete(film.keyId);
    edge.advanceMs(30_000);
    expect([await open(await film.sign()), await open(await next.sign())]).toEqual([403, 200]);
  });

  it('are refused once the key is deleted, after at most half a minute', async () => {
    const path = `/${film.playbackId}.m3u8?token=${await film.sign()}`;
    expect((await edge.request(path)).status).toBe(200);
    edge.origin.signingKeys.delete(film.keyId);
    edge.advanceMs(30_000);
    expect((await edge.request(path)).status).toBe(403);
  });

  it('ask for each key and id once, however many viewers', async () => {
    const token = await film.sign();
    await Promise.all(Array.from({ length: 20 }, () => edge.request(`/${film.playbackId}.m3u8?token=${token}`)));
    expect(edge.origin.calls.filter((call) => call.includes('signing-keys'))).toHaveLength(1);
    expect(edge.origin.calls.filter((call) => call.includes('playback-ids'))).toHaveLength(1);
  });
});
