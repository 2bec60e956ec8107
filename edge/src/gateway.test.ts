import { beforeEach, describe, expect, it } from 'vitest';
import { createApp } from './app.ts';
import { addApiToken, addFilm, createTestEdge, EDGE_URL, openPlayback, readError, type TestEdge } from './testing/edge.ts';

let edge: TestEdge;
let headers: Record<string, string>;
beforeEach(async () => {
  edge = await createTestEdge();
  ({ headers } = await addApiToken(edge));
});

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${TRACE}-b7ad6b7169203331-01`;

describe('a trace', () => {
  const forwarded = async (sent: Record<string, string>) => {
    const response = await edge.request('/video/v1/assets', { headers: { ...headers, ...sent } });
    return ((await response.json()) as { headers: Record<string, string> }).headers;
  };

  it('goes on through the edge as a part of its own, with its state', async () => {
    const { traceparent, tracestate } = await forwarded({ traceparent: TRACEPARENT, tracestate: 'vendor=1' });
    expect(traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    expect(traceparent).not.toBe(TRACEPARENT);
    expect(tracestate).toBe('vendor=1');
  });

  it('begins at the edge when there is none, or none that is well-formed', async () => {
    for (const sent of [{}, { traceparent: 'x', tracestate: 'a=1' }, { traceparent: `${TRACEPARENT}-x` }]) {
      const { traceparent, tracestate } = await forwarded(sent);
      expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
      expect(traceparent).not.toContain(TRACE);
      expect(tracestate).toBeUndefined();
    }
  });

  it('is in the log of a fault, beside the request’s id', async () => {
    const lines: Readonly<Record<string, unknown>>[] = [];
    edge = await createTestEdge({ log: { error: (_, fields) => lines.push(fields) } });
    edge.origin.outageStatus = 500;
    await edge.request('/video/v1/assets', { headers: { ...headers, traceparent: TRACEPARENT, 'x-request-id': 'request-1' } });
    expect(lines).toEqual([expect.objectContaining({ traceId: TRACE, requestId: 'request-1' })]);
  });
});

describe('every answer', () => {
  const data = { 'content-security-policy': "default-src 'none'; frame-ancestors 'none'", 'cross-origin-resource-policy': 'same-origin' };
  const headersOf = async (path: string, init?: RequestInit) => Object.fromEntries((await edge.request(path, init)).headers);

  it('of data is not to be shown, sniffed or handed to another site', async () => {
    const paths = ['/health', '/nothing', '/video/v1/assets', '/system/v1/sessions', '/video/v1/assets/x/events', '/%'];
    for (const path of paths) {
      for (const sent of [{}, headers]) {
        const expected = { ...data, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };
        expect(await headersOf(path, { headers: sent })).toMatchObject(expected);
      }
    }
  });

  it('of a page keeps to itself what a page can be robbed of', async () => {
    const [dashboard, embed] = [await headersOf('/'), await headersOf(`/embed/${'a'.repeat(32)}`)];
    expect(dashboard).toMatchObject({ 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin' });
    expect(dashboard['permissions-policy']).toContain('camera=()');
    expect(embed).toMatchObject({ 'cross-origin-resource-policy': 'cross-origin' });
    expect(embed).not.toHaveProperty('cross-origin-opener-policy');
  });

  it('of media and of its refusal may be used by any site', async () => {
    const film = await addFilm(edge);
    for (const path of [`${await openPlayback(edge, film)}v720/0.m4s`, '/s/x/v720/0.m4s', `/${film.playbackId}.m3u8`]) {
      const sent = await headersOf(path);
      expect(sent).toMatchObject({
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
      });
      expect(sent).not.toHaveProperty('access-control-allow-credentials');
    }
  });

  it('over https keeps browsers at https', async () => {
    const overTls = await createApp(edge.ports).fetch(new Request('https://edge.test/health'));
    expect(overTls.headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(await headersOf('/health')).not.toHaveProperty('strict-transport-security');
  });
});

describe('another site’s page', () => {
  const ask = (origin: string | undefined, init: RequestInit = {}, path = '/video/v1/assets') =>
    edge.request(path, { ...init, headers: { ...(init.headers as Record<string, string>), ...(origin !== undefined && { origin }) } });
  const preflight = { method: 'OPTIONS', headers: { 'access-control-request-method': 'PATCH' } };

  it('that is named in ALLOWED_ORIGINS may call, and is named in turn', async () => {
    for (const path of ['/video/v1/assets', '/system/v1/sessions', '/system/v1/whoami']) {
      const granted = await ask('https://dashboard.example', preflight, path);
      expect(granted.status).toBe(204);
      expect(Object.fromEntries(granted.headers)).toMatchObject({
        'access-control-allow-origin': 'https://dashboard.example',
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
        vary: 'Origin',
      });
    }
    const call = await ask('https://dashboard.example', { headers });
    expect(call.headers.get('access-control-allow-origin')).toBe('https://dashboard.example');
    const refused = await ask('https://dashboard.example');
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, 'https://dashboard.example']);
  });

  it.each([
    undefined,
    'null',
    'https://dashboard.example.evil.example',
    'https://dashboard.example:444',
    'http://dashboard.example',
    'https://DASHBOARD.example',
    'https://dashboard.example/',
    'https://evil-dashboard.example',
    EDGE_URL,
  ])('from %s gets no CORS header', async (origin) => {
    for (const response of [await ask(origin, preflight), await ask(origin, { headers }), await ask(origin)]) {
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(response.headers.get('vary')).toBe('Origin');
    }
    expect((await ask(origin, preflight)).status).toBe(401);
  });
});

describe('a call that can be read in two ways is refused', () => {
  it.each(['limit=1&limit=2', 'limit=1&%6Cimit=2', 'a&a', 'x=1&y=2&x=1'])('?%s', async (query) => {
    const response = await edge.request(`/video/v1/assets?${query}`, { headers });
    expect([response.status, (await readError(response)).type]).toEqual([400, 'invalid_parameters']);
  });

  it.each(['limit=1&page=2', 'ids[]=1&ids[]=2', 'limit=1&LIMIT=2', ''])('but not ?%s', async (query) => {
    expect((await edge.request(`/video/v1/assets?${query}`, { headers })).status).toBe(200);
  });

  it.each([
    ['{"token_id":1,"token_id":2}', 'application/json', 400],
    ['{', 'application/json', 400],
    ['[]', 'application/json', 400],
    ['{"a":'.repeat(10_000), 'application/json', 400],
    ['{}', 'application/json; charset=utf-16', 415],
    ['{}', 'text/plain', 415],
    ['a=1', 'application/x-www-form-urlencoded', 415],
  ])('a body of %.30s as %s', async (body, type, status) => {
    const response = await edge.request('/system/v1/sessions', { method: 'POST', headers: { 'content-type': type }, body });
    expect(response.status).toBe(status);
    expect((await readError(response)).messages).toHaveLength(1);
  });
});

it('a principal, an address or a host from outside never gets in', async () => {
  const smuggled = {
    'x-mediaflow-principal': 'forged',
    'X-MediaFlow-Anything': 'forged',
    'x-forwarded-host': 'evil.example',
    'cf-worker': 'evil',
    'x-real-ip': '10.0.0.1',
    connection: 'x-mediaflow-principal, x-request-id',
  };
  const response = await edge.request('/video/v1/assets', { headers: { ...headers, ...smuggled } });
  const echo = (await response.json()) as { headers: Record<string, string>; principal: { kind: string } };
  expect(JSON.stringify(echo.headers)).not.toContain('forged');
  expect(JSON.stringify(echo.headers)).not.toContain('evil');
  expect(echo.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
  expect(echo.principal.kind).toBe('token');
});
