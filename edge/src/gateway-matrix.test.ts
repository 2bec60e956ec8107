import { newAccountId, randomHex } from '@mediaflow/shared/ids';
import { SCOPES, type Scope } from '@mediaflow/shared/scopes';
import { NO_SIGNER, signSession } from '@mediaflow/shared/session';
import { MANAGEMENT_ROUTES, type ManagementRoute } from '@mediaflow/shared/testing/management-routes';
import { beforeEach, describe, expect, it } from 'vitest';
import { createApp } from './app.ts';
import { nowSeconds } from './ports.ts';
import { addApiToken, addFilm, createTestEdge, EDGE_URL, type Film, openPlayback, type TestEdge } from './testing/edge.ts';
import { signUserSession } from './user-session.ts';

type Kind = 'middleware' | 'open' | 'sign-in' | 'management' | 'manifest' | 'media' | 'page';

/** Every route of the edge, and what it is for; those of the management API that it only passes on stand in `MANAGEMENT_ROUTES`. */
const EDGE_ROUTES: Readonly<Record<string, Kind>> = {
  'ALL /*': 'middleware',
  'GET /health': 'open',
  'GET /ready': 'open',
  'POST /system/v1/sessions': 'sign-in',
  'DELETE /system/v1/sessions': 'sign-in',
  'ALL /system/v1/sessions': 'sign-in',
  'POST /video/v1/assets/:assetId/playback-ids/:playbackId/tokens': 'management',
  'ALL /video/v1/assets/:assetId/playback-ids/:playbackId/tokens': 'management',
  'ALL /video/v1/*': 'management',
  'ALL /system/v1/*': 'management',
  'ALL /s/*': 'middleware',
  'ALL /:file{[^/]+\\.(?:m3u8|mpd)}': 'middleware',
  'ALL /:name/manifest/:file{video\\.(?:m3u8|mpd)}': 'middleware',
  'ALL /:name/thumbnail.jpg': 'middleware',
  'ALL /s/:session/:rendition/:file': 'media',
  'GET /s/:session/x/:playlist/:path{.+}': 'media',
  'GET /:file{[^/]+\\.m3u8}': 'manifest',
  'GET /:file{[^/]+\\.mpd}': 'manifest',
  'GET /:name/manifest/video.m3u8': 'manifest',
  'GET /:name/manifest/video.mpd': 'manifest',
  'GET /:name/thumbnail.jpg': 'manifest',
  'GET /': 'page',
  'GET /videos': 'page',
  'GET /videos/*': 'page',
  'GET /settings': 'page',
  'GET /settings/*': 'page',
  'GET /embed/:playbackId': 'page',
  'GET /*': 'page',
};

let edge: TestEdge;
let film: Film;
beforeEach(async () => {
  edge = await createTestEdge();
  film = await addFilm(edge);
});

it('has no route that the tables of this test do not name, and they name none that is gone', () => {
  const routes = new Set(createApp(edge.ports).routes.map(({ method, path }) => `${method} ${path}`));
  expect([...routes].sort()).toEqual(Object.keys(EDGE_ROUTES).sort());
});

/** The edge's own paths, each once. */
const PATHS = Object.entries(EDGE_ROUTES)
  .flatMap(([route, kind]) => (kind === 'middleware' ? [] : [{ path: route.replace(/^\S+ /, ''), kind }]))
  .filter(({ path }, index, all) => all.findIndex((other) => other.path === path) === index);

/** An address that a path's route takes. */
const addressOf = (path: string): string =>
  path
    .replace('{[^/]+\\.m3u8}', '.m3u8')
    .replace('{[^/]+\\.mpd}', '.mpd')
    .replace(/:[a-zA-Z]+/g, 'a'.repeat(32))
    .replace('{.+}', '')
    .replace('*', 'x');

const API_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const isReading = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** What a credential is worth before the scopes count: refused with this status, or let through with these scopes. */
type Worth = number | { readonly scopes: readonly Scope[]; readonly owns?: boolean };

interface CredentialCase {
  readonly worth: Worth | ((method: string) => Worth);
  /** Headers, and what is added to the path. */
  make(): Promise<{ readonly headers?: Record<string, string>; readonly query?: string }>;
}

const signIn = async (exp: number, revoke = false): Promise<string> => {
  const token = await addApiToken(edge, film.accountId);
  if (revoke) token.revoke();
  return signUserSession(edge.ports.keys.user, { sessionId: randomHex(16), tokenId: token.tokenId, accountId: film.accountId, exp });
};
const inAnHour = (): number => nowSeconds(edge.ports.clock) + 3600;
const withScopes = (...scopes: readonly Scope[]): CredentialCase => ({
  worth: { scopes, owns: true },
  make: async () => ({ headers: (await addApiToken(edge, film.accountId, scopes)).headers }),
});

const CREDENTIALS: Readonly<Record<string, CredentialCase>> = {
  none: { worth: 401, make: async () => ({}) },
  'a wrong secret': {
    worth: 401,
    make: async () => ({ headers: { authorization: `Basic ${btoa(`${(await addApiToken(edge, film.accountId)).tokenId}:wrong`)}` } }),
  },
  'a revoked token': {
    worth: 401,
    make: async () => {
      const token = await addApiToken(edge, film.accountId);
      token.revoke();
      return { headers: token.headers };
    },
  },
  'the right token, in the query': {
    worth: 401,
    make: async () => {
      const { tokenId, secret, headers } = await addApiToken(edge, film.accountId);
      return { query: `?token_id=${tokenId}&token_secret=${secret}&authorization=${encodeURIComponent(headers.authorization)}` };
    },
  },
  'an expired session': {
    worth: 401,
    make: async () => ({ headers: { authorization: `Bearer ${await signIn(nowSeconds(edge.ports.clock))}` } }),
  },
  'the session of a revoked token': {
    worth: 401,
    make: async () => ({ headers: { authorization: `Bearer ${await signIn(inAnHour(), true)}` } }),
  },
  'a playback token as Bearer': { worth: 401, make: async () => ({ headers: { authorization: `Bearer ${await film.sign()}` } }) },
  'a cookie from this site': {
    worth: { scopes: SCOPES, owns: true },
    make: async () => ({ headers: { cookie: `mediaflow_session=${await signIn(inAnHour())}`, origin: EDGE_URL } }),
  },
  'a cookie that another site sends': {
    worth: (method) => (isReading(method) ? { scopes: SCOPES, owns: true } : 403),
    make: async () => ({ headers: { cookie: `mediaflow_session=${await signIn(inAnHour())}`, origin: 'https://evil.example' } }),
  },
  'another tenant’s token': {
    worth: { scopes: SCOPES },
    make: async () => ({ headers: (await addApiToken(edge, newAccountId())).headers }),
  },
  'a full token': withScopes(...SCOPES),
  'a token for reading': withScopes('video:read', 'system:read'),
  'a token for writing': withScopes('video:write', 'system:write'),
  'a token for videos': withScopes('video:read', 'video:write'),
};

/** The status of a management call; 200 is the fake origin's answer to whatever reaches it. */
function expectedStatus(worth: Worth, method: string, known: ManagementRoute | undefined, section: 'video' | 'system'): number {
  if (typeof worth === 'number') return worth;
  const scope = known?.scope ?? (`${section}:${isReading(method) ? 'read' : 'write'}` as const);
  if (scope !== 'none' && !worth.scopes.includes(scope)) return 403;
  if (known?.answeredBy !== 'edge') return 200;
  return worth.owns ? 201 : 404;
}

describe.each(Object.entries(CREDENTIALS))('with %s', (_, { worth, make }) => {
  it.each(Object.entries(MANAGEMENT_ROUTES))('%s', async (route, entry) => {
    const { headers = {}, query = '' } = await make();
    const [, path = ''] = route.split(' ');
    const ids: Readonly<Record<string, string>> = { assetId: film.assetId, playbackId: film.playbackId };
    const target = path.replace(/:(\w+)/g, (_match, name: string) => ids[name] ?? randomHex(16));
    const section = path.startsWith('/video/') ? 'video' : 'system';
    for (const method of API_METHODS) {
      const known = MANAGEMENT_ROUTES[`${method === 'HEAD' ? 'GET' : method} ${path}`];
      const value = typeof worth === 'function' ? worth(method) : worth;
      const expected = expectedStatus(value, method, known, section);
      // The other methods of a path that the edge answers itself.
      const status = entry.answeredBy === 'edge' && known === undefined && expected === 200 ? 405 : expected;
      expect(`${method} ${(await edge.request(target + query, { method, headers })).status}`).toBe(`${method} ${status}`);
    }
  });
});

const MPD = `<MPD type="static"><Period id="0"><AdaptationSet contentType="video">
<SegmentTemplate media="$RepresentationID$/$Number$.m4s"/><Representation id="v720"/></AdaptationSet></Period></MPD>`;

describe('playback', () => {
  const manifests = ['.m3u8', '.mpd', '/manifest/video.m3u8', '/manifest/video.mpd', '/thumbnail.jpg'] as const;
  const audienceOf = (path: string): string => (path.includes('thumbnail') ? 't' : 'v');

  it.each(manifests)('{id}%s opens with its owner’s token and with nothing else', async (suffix) => {
    edge.origin.objects.set(`${film.prefix}manifest.mpd`, new TextEncoder().encode(MPD));
    const [path, aud, other] = [`/${film.playbackId}${suffix}`, audienceOf(suffix), await addFilm(edge)];
    const api = await addApiToken(edge, film.accountId);
    const statusOf = async (query: string, headers: Record<string, string> = {}) => (await edge.request(path + query, { headers })).status;
    expect(await statusOf('')).toBe(403);
    expect(await statusOf('', api.headers)).toBe(403);
    expect(await statusOf('', { authorization: `Bearer ${await film.sign({ aud })}` })).toBe(403);
    expect(await statusOf(`?token=${api.tokenId}:${api.secret}`)).toBe(403);
    expect(await statusOf(`?token=${await film.sign({ aud, exp: nowSeconds(edge.ports.clock) - 3600 })}`)).toBe(403);
    expect(await statusOf(`?token=${await film.sign({ aud: 'x' })}`)).toBe(403);
    expect(await statusOf(`?token=${await other.sign({ aud })}`)).toBe(403);
    expect(await statusOf(`?token=${await other.sign({ aud, sub: film.playbackId })}`)).toBe(403);
    expect(await statusOf(`?Token=${await film.sign({ aud })}`)).toBe(403);
    expect(await statusOf(`?token=${await film.sign({ aud })}`)).toBe(200);
  });

  it('media opens with a session of its own film and with nothing else, warm or cold', async () => {
    const session = await openPlayback(edge, film);
    const api = await addApiToken(edge, film.accountId);
    const expired = await signSession(edge.ports.keys.session, {
      assetId: film.assetId,
      version: 1,
      expiresAt: nowSeconds(edge.ports.clock),
      viewerId: randomHex(8),
      playbackId: film.playbackId,
      signerId: NO_SIGNER,
      maxShortSide: 0,
      minShortSide: 0,
    });
    const user = await signIn(inAnHour());
    for (const _ of ['cold', 'warm']) {
      for (const name of ['x', expired, user, film.playbackId, await film.sign()]) {
        for (const query of ['', `?token=${await film.sign()}`]) {
          const response = await edge.request(`/s/${name}/v720/0.m4s${query}`, { headers: api.headers });
          expect(response.status).toBe(403);
        }
      }
      expect((await edge.request(`${session}v720/0.m4s`)).status).toBe(200);
    }
  });
});

describe('other sites’ pages', () => {
  const [listed, stranger] = ['https://dashboard.example', 'https://stranger.example'];
  type Grant = 'any page' | 'listed pages' | 'none';
  /** As docs/api-access.md has it. */
  const grantOf: Readonly<Record<Exclude<Kind, 'middleware'>, Grant>> = {
    media: 'any page',
    manifest: 'any page',
    management: 'listed pages',
    'sign-in': 'listed pages',
    open: 'none',
    page: 'none',
  };
  const granted = (grant: Grant, origin: string): readonly (string | null)[] => {
    if (grant === 'any page') return ['*', null];
    return grant === 'listed pages' && origin === listed ? [origin, 'true'] : [null, null];
  };

  it.each(PATHS.map(({ path, kind }) => ({ path, grant: grantOf[kind] })))('are granted $path: $grant', async ({ path, grant }) => {
    for (const origin of [listed, stranger]) {
      for (const init of [{}, { method: 'HEAD' }, { method: 'OPTIONS', headers: { 'access-control-request-method': 'GET' } }]) {
        const { headers } = await edge.request(addressOf(path), { ...init, headers: { ...init.headers, origin } });
        const seen = [headers.get('access-control-allow-origin'), headers.get('access-control-allow-credentials')];
        expect([origin, init.method, ...seen]).toEqual([origin, init.method, ...granted(grant, origin)]);
      }
    }
  });
});

describe('methods', () => {
  // Node's Request knows no TRACE, workerd's does.
  const isRequest = (method: string): boolean => {
    try {
      return new Request(EDGE_URL, { method }).method === method;
    } catch {
      return false;
    }
  };
  const UNKNOWN = ['TRACE', 'PROPFIND', 'SEARCH'].filter(isRequest);
  const METHODS = [...API_METHODS, 'OPTIONS', ...UNKNOWN];
  const allowOf: Readonly<Record<Exclude<Kind, 'middleware' | 'management'>, readonly string[]>> = {
    open: ['GET', 'HEAD'],
    page: ['GET', 'HEAD'],
    'sign-in': ['POST', 'DELETE'],
    manifest: ['GET', 'HEAD', 'OPTIONS'],
    media: ['GET', 'HEAD', 'OPTIONS'],
  };
  const own = PATHS.flatMap(({ path, kind }) => (kind === 'management' ? [] : [{ path, kind }]));

  it.each(own)('of $path ($kind): 405 with Allow for all that it does not take', async ({ path, kind }) => {
    for (const method of METHODS) {
      const response = await edge.request(addressOf(path), { method });
      const isAllowed = allowOf[kind].includes(method);
      expect(`${method} ${response.status === 405}`).toBe(`${method} ${!isAllowed}`);
      if (!isAllowed) expect(response.headers.get('allow')).toBe(allowOf[kind].join(', '));
      expect(response.status).toBeLessThan(500);
    }
  });

  it('nobody knows are 405 for the management API too, and never reach the origin', async () => {
    const { headers } = await addApiToken(edge, film.accountId);
    edge.origin.calls.length = 0;
    for (const method of UNKNOWN) {
      const response = await edge.request('/video/v1/assets', { method, headers });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS');
    }
    expect(edge.origin.calls).toEqual([]);
  });
});
