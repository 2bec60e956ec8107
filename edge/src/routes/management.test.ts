import { newAccountId } from '@mediaflow/shared/ids';
import { sha256Hex } from '@mediaflow/shared/signed';
import { beforeEach, describe, expect, it } from 'vitest';
import { addApiToken, addFilm, createTestEdge, EDGE_URL, openPlayback, readError, type TestEdge } from '../testing/edge.ts';

let edge: TestEdge;
let token: Awaited<ReturnType<typeof addApiToken>>;
beforeEach(async () => {
  edge = await createTestEdge();
  token = await addApiToken(edge);
});

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly principal: { readonly accountId: string; readonly tokenId: string };
  readonly bodyBytes: number;
}
const readEcho = async (response: Response): Promise<Echo> => (await response.json()) as Echo;

/** Signs in; the cookie as a browser would send it, and the token for Bearer. */
async function signIn(headers: Record<string, string> = {}) {
  const response = await edge.request('/system/v1/sessions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ token_id: token.tokenId, token_secret: token.secret }),
  });
  const setCookie = response.headers.get('set-cookie') ?? '';
  const { data } = (await response.json()) as { data: { token: string; account_id: string; expires_at: string } };
  return { response, data, setCookie, cookie: setCookie.split(';')[0] ?? '' };
}

describe('a management call', () => {
  it('goes to the origin under the caller’s principal, and under nothing the client claims', async () => {
    const response = await edge.request('/video/v1/assets?limit=2&x=%20', {
      method: 'POST',
      headers: { ...token.headers, 'x-mediaflow-principal': 'forged', 'x-request-id': 'abcdefgh-1', 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    expect(response.headers.get('x-request-id')).toBe('abcdefgh-1');
    const echo = await readEcho(response);
    expect(echo).toMatchObject({ method: 'POST', url: '/video/v1/assets?limit=2&x=%20', bodyBytes: 7 });
    expect(echo.principal).toMatchObject({ kind: 'token', accountId: token.accountId, tokenId: token.tokenId });
    expect(echo.headers).toMatchObject({ 'x-request-id': 'abcdefgh-1', 'content-type': 'application/json' });
    expect(echo.headers).not.toHaveProperty('authorization');
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('may be %s', async (method) => {
    expect((await readEcho(await edge.request('/system/v1/signing-keys', { method, headers: token.headers }))).method).toBe(method);
  });

  it('streams server-sent events through, without the origin’s connection headers', async () => {
    const response = await edge.request('/video/v1/assets/x/events', { headers: token.headers });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('x-hop')).toBeNull();
    expect(await response.text()).toContain('video.asset.progress');
  });

  it('is refused above 1 MB, announced or not', async () => {
    const big = new Uint8Array(1024 * 1024 + 1);
    const request = (body: BodyInit) => edge.request('/video/v1/uploads', { method: 'POST', headers: token.headers, body });
    expect((await request(big)).status).toBe(413);
    expect((await request(new Blob([big]).stream())).status).toBe(413);
    expect((await readEcho(await request(big.subarray(1)))).bodyBytes).toBe(1024 * 1024);
    expect((await readEcho(await request(new Blob([big.subarray(1)]).stream()))).bodyBytes).toBe(1024 * 1024);
  });

  it('is 503 with Retry-After and the error body while the origin is away', async () => {
    edge = await createTestEdge();
    edge.origin.outageStatus = 503;
    const response = await edge.request('/video/v1/assets', { headers: token.headers });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    expect((await readError(response)).type).toBe('unavailable');
  });

  it('gives other sites’ pages nothing', async () => {
    const preflight = await edge.request('/video/v1/assets', { method: 'OPTIONS', headers: { origin: 'https://evil.example' } });
    const call = await edge.request('/video/v1/assets', { headers: { ...token.headers, origin: 'https://evil.example' } });
    for (const response of [preflight, call]) expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('credentials', () => {
  it.each([
    ['none', {}],
    ['a wrong secret', { authorization: `Basic ${btoa(`${'a'.repeat(32)}:wrong`)}` }],
    ['nonsense', { authorization: 'Basic ???' }],
    ['a forged session', { authorization: 'Bearer eyJ9.AAAA' }],
  ])('%s: 401 with a challenge', async (_, headers) => {
    const response = await edge.request('/video/v1/assets', { headers });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Basic realm="MediaFlow"');
    expect((await readError(response)).type).toBe('unauthorized');
  });

  it.each(['x-requested-with', 'sec-fetch-site', 'cookie'])('no challenge for a browser, known by %s', async (name) => {
    const response = await edge.request('/video/v1/assets', { headers: { [name]: 'mediaflow_session=x' } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBeNull();
  });

  it('are asked of the origin once in 30 s, and a revoked one ends then', async () => {
    const call = async () => (await edge.request('/video/v1/assets', { headers: token.headers })).status;
    expect(await Promise.all([call(), call(), call()])).toEqual([200, 200, 200]);
    expect(edge.origin.calls.filter((path) => path === 'POST /internal/credentials')).toHaveLength(1);
    token.revoke();
    edge.advanceMs(29_999);
    expect(await call()).toBe(200);
    edge.advanceMs(1);
    expect(await call()).toBe(401);
  });

  it('made a moment ago work a second after they were refused', async () => {
    const other = await addApiToken(edge);
    other.revoke();
    expect((await edge.request('/video/v1/assets', { headers: other.headers })).status).toBe(401);
    edge.origin.credentials.set(`${other.tokenId}:${await sha256Hex(other.secret)}`, {
      token_id: other.tokenId,
      account_id: newAccountId(),
      scopes: ['video:read'],
    });
    edge.advanceMs(1_000);
    expect((await edge.request('/video/v1/assets', { headers: other.headers })).status).toBe(200);
  });

  it('that are a playback session, a principal or a playback token open nothing', async () => {
    const film = await addFilm(edge);
    const session = (await openPlayback(edge, film)).split('/')[2];
    for (const text of [session, await film.sign()]) {
      expect((await edge.request('/video/v1/assets', { headers: { authorization: `Bearer ${text}` } })).status).toBe(401);
    }
  });
});

describe('a user session', () => {
  it('comes as an HttpOnly, same-site cookie and as a token, and both open the API', async () => {
    const { response, data, setCookie, cookie } = await signIn();
    expect(response.status).toBe(201);
    expect(data.account_id).toBe(token.accountId);
    expect(Number(data.expires_at)).toBe(edge.origin.nowSeconds + 12 * 3600);
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=43200', 'Secure']) expect(setCookie).toContain(part);
    for (const headers of [{ cookie }, { authorization: `Bearer ${data.token}` }]) {
      const echo = await readEcho(await edge.request('/system/v1/whoami', { headers }));
      expect(echo.principal.accountId).toBe(token.accountId);
      expect(echo.headers).not.toHaveProperty('cookie');
    }
  });

  it('holds no secret', async () => {
    const { data } = await signIn();
    expect(atob((data.token.split('.')[0] ?? '').replaceAll('-', '+').replaceAll('_', '/'))).not.toContain(token.secret);
  });

  it.each([
    [{ token_secret: 'wrong' }, 401],
    [{ token_id: 'x' }, 400],
    [{ token_secret: '' }, 400],
    [{ token_secret: 'x'.repeat(300) }, 400],
  ])('is not given for %j', async (changes, status) => {
    const body = JSON.stringify({ token_id: token.tokenId, token_secret: token.secret, ...changes });
    const response = await edge.request('/system/v1/sessions', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(response.status).toBe(status);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', ''])('is not given to a form of type "%s"', async (type) => {
    const body = JSON.stringify({ token_id: token.tokenId, token_secret: token.secret });
    const headers = { 'content-type': type };
    expect((await edge.request('/system/v1/sessions', { method: 'POST', headers, body })).status).toBe(415);
  });

  it('is not given to another site’s page', async () => {
    const request = { method: 'POST', headers: { 'content-type': 'application/json', origin: 'https://evil.example' }, body: '{}' };
    expect((await edge.request('/system/v1/sessions', request)).status).toBe(403);
  });

  it.each([
    ['GET', undefined, 200],
    ['GET', 'https://evil.example', 200],
    ['POST', EDGE_URL, 200],
    ['POST', undefined, 403],
    ['POST', 'null', 403],
    ['POST', 'https://evil.example', 403],
    ['DELETE', `${EDGE_URL}.evil.example`, 403],
  ])('by cookie: %s from %s is %i', async (method, origin, status) => {
    const { cookie } = await signIn();
    const headers = { cookie, ...(origin !== undefined && { origin }) };
    expect((await edge.request('/video/v1/assets', { method, headers })).status).toBe(status);
  });

  it('by Bearer needs no Origin', async () => {
    const { data } = await signIn();
    const headers = { authorization: `Bearer ${data.token}` };
    expect((await edge.request('/video/v1/assets', { method: 'POST', headers })).status).toBe(200);
  });

  it('ends at most 30 s after its API token is revoked, and after 12 h', async () => {
    const { cookie } = await signIn();
    const call = async () => (await edge.request('/video/v1/assets', { headers: { cookie } })).status;
    expect(await call()).toBe(200);
    edge.advanceMs(12 * 3_600_000 - 1_000);
    expect(await call()).toBe(200);
    edge.advanceMs(1_000);
    expect(await call()).toBe(401);

    const again = await signIn();
    expect((await edge.request('/video/v1/assets', { headers: { cookie: again.cookie } })).status).toBe(200);
    token.revoke();
    edge.advanceMs(30_000);
    expect((await edge.request('/video/v1/assets', { headers: { cookie: again.cookie } })).status).toBe(401);
  });

  it.each(['cookie', 'authorization'] as const)('by %s ends with DELETE, within 30 s and for every copy of it', async (name) => {
    const { cookie, data } = await signIn();
    const forms = { cookie: { cookie }, authorization: { authorization: `Bearer ${data.token}` } };
    const statuses = async () =>
      Promise.all(Object.values(forms).map(async (headers) => (await edge.request('/video/v1/assets', { headers })).status));
    expect(await statuses()).toEqual([200, 200]);
    const headers = { ...forms[name], ...(name === 'cookie' && { origin: EDGE_URL }) };
    expect((await edge.request('/system/v1/sessions', { method: 'DELETE', headers })).status).toBe(204);
    edge.advanceMs(30_000);
    expect(await statuses()).toEqual([401, 401]);
    const other = await signIn();
    expect((await edge.request('/video/v1/assets', { headers: { cookie: other.cookie } })).status).toBe(200);
  });

  it('that another site wants to end goes on', async () => {
    const { cookie } = await signIn();
    const request = { method: 'DELETE', headers: { cookie, origin: 'https://evil.example' } };
    expect((await edge.request('/system/v1/sessions', request)).status).toBe(403);
    expect(edge.origin.endedSessions.size).toBe(0);
  });

  it('is cleared by DELETE', async () => {
    const response = await edge.request('/system/v1/sessions', { method: 'DELETE', headers: { origin: EDGE_URL } });
    expect(response.status).toBe(204);
    expect(response.headers.get('set-cookie')).toMatch(/^mediaflow_session=; Max-Age=0/);
  });
});

describe('a playback token from the installation', () => {
  const mint = (path: string, body: unknown = {}, headers: Record<string, string> = token.headers) =>
    edge.request(path, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) });

  it('plays its own video by the URL given, under its params', async () => {
    const film = await addFilm(edge);
    const owner = await addApiToken(edge, film.accountId);
    const path = `/video/v1/assets/${film.assetId}/playback-ids/${film.playbackId}/tokens`;
    const body = { expires_in: 60, params: { max_resolution: '360p', sub: 'x', exp: 4_102_444_800, kid: 'x', aud: 't' } };
    const response = await mint(path, body, owner.headers);
    expect(response.status).toBe(201);
    const { data } = (await response.json()) as { data: { token: string; expires_at: string; url: string } };
    expect(data.expires_at).toBe(String(edge.origin.nowSeconds + 60));
    expect(data.url).toBe(`${EDGE_URL}/${film.playbackId}.m3u8?token=${data.token}`);
    const playUrl = data.url.slice(EDGE_URL.length);
    expect((await edge.request(playUrl)).status).toBe(200);
    expect((await edge.request(`/${film.playbackId}/thumbnail.jpg?token=${data.token}`)).status).toBe(403);
    const other = await addFilm(edge);
    expect((await edge.request(`/${other.playbackId}.m3u8?token=${data.token}`)).status).toBe(403);
    edge.advanceMs(91_000);
    expect((await readError(await edge.request(playUrl))).reason).toBe('token_expired');
  });

  it('for thumbnails opens thumbnails, and needs no body beyond its type', async () => {
    const film = await addFilm(edge);
    const owner = await addApiToken(edge, film.accountId);
    const response = await mint(
      `/video/v1/assets/${film.assetId}/playback-ids/${film.playbackId}/tokens`,
      { type: 'thumbnail' },
      owner.headers,
    );
    const { data } = (await response.json()) as { data: { url: string } };
    expect((await edge.request(data.url.slice(EDGE_URL.length))).status).toBe(200);
  });

  it.each([{ expires_in: 0 }, { expires_in: 1e9 }, { type: 'x' }, { params: { max_resolution: 'big' } }, { params: { a: {} } }, []])(
    'is refused for %j',
    async (body) => {
      const film = await addFilm(edge);
      const owner = await addApiToken(edge, film.accountId);
      const path = `/video/v1/assets/${film.assetId}/playback-ids/${film.playbackId}/tokens`;
      expect((await mint(path, body, owner.headers)).status).toBe(400);
    },
  );

  it('is for the owner of asset and id only: all others see 404', async () => {
    const [film, other] = [await addFilm(edge), await addFilm(edge)];
    const owner = await addApiToken(edge, film.accountId);
    const path = (assetId: string, playbackId: string) => `/video/v1/assets/${assetId}/playback-ids/${playbackId}/tokens`;
    expect((await mint(path(film.assetId, film.playbackId))).status).toBe(404);
    expect((await mint(path(other.assetId, film.playbackId), {}, owner.headers)).status).toBe(404);
    expect((await mint(path(film.assetId, other.playbackId), {}, owner.headers)).status).toBe(404);
    expect((await mint(path(film.assetId, 'a'.repeat(32)), {}, owner.headers)).status).toBe(404);
    expect((await mint(path('x', 'y'), {}, owner.headers)).status).toBe(404);
    expect((await mint(path(film.assetId, film.playbackId), {}, {})).status).toBe(401);
  });
});
