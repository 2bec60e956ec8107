import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { addFilm, createTestEdge, EDGE_URL, type Film, openPlayback, readError, type TestEdge } from './testing/edge.ts';

let edge: TestEdge;
beforeEach(async () => {
  edge = await createTestEdge();
});

const policyOf = (response: Response): string => response.headers.get('content-security-policy') ?? '';

describe('pages', () => {
  it.each(['/', '/videos', '/videos/abc', '/settings', '/index.html'])('%s is the dashboard, which nobody may frame', async (path) => {
    const response = await edge.request(path, { headers: { accept: 'text/html' } });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('dashboard');
    expect(policyOf(response)).toContain("frame-ancestors 'none'");
    expect(policyOf(response)).toContain("script-src 'self';");
    expect(policyOf(response)).toContain("connect-src 'self' http://upload.test;");
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('/embed/{id} may be framed anywhere, and leaks no token to other sites', async () => {
    const response = await edge.request(`/embed/${'a'.repeat(32)}?token=secret`);
    expect(await response.text()).toContain('embed');
    expect(policyOf(response)).toContain('frame-ancestors *');
    // hls.js gives its subtitle tracks an empty file as `data:`.
    expect(policyOf(response)).toContain("media-src 'self' blob: data:;");
    expect(response.headers.get('x-frame-options')).toBeNull();
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('files with a hash in their name are kept for ever', async () => {
    const response = await edge.request('/static/app-1a2b.js');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each(['/nothing', '/static/none.js', '/embed/x', '/s', '/s/x', '/a/b/c/d'])(
    '%s is a page for people and JSON for programs',
    async (path) => {
      const forPeople = await edge.request(path, { headers: { accept: 'text/html,*/*' } });
      expect(forPeople.status).toBe(404);
      expect(forPeople.headers.get('content-type')).toMatch(/^text\/html/);
      expect(policyOf(forPeople)).toContain("frame-ancestors 'none'");
      const forPrograms = await edge.request(path);
      expect(forPrograms.status).toBe(404);
      expect((await readError(forPrograms)).type).toBe('not_found');
    },
  );

  it('take GET and HEAD only', async () => {
    expect((await edge.request('/', { method: 'HEAD' })).status).toBe(200);
    expect((await edge.request('/', { method: 'POST' })).status).toBe(405);
  });
});

describe('health', () => {
  it('says alive without asking anybody', async () => {
    edge.origin.outageStatus = 500;
    expect((await edge.request('/health')).status).toBe(200);
    expect(edge.origin.calls).toEqual([]);
  });

  it('says ready, or names what is not', async () => {
    expect(await (await edge.request('/ready')).json()).toEqual({ status: 'ready', checks: { origin: { ok: true } } });
    edge.origin.outageStatus = 502;
    const response = await edge.request('/ready');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status: 'unavailable', checks: { origin: { ok: false } } });
  });
});

it('every answer has a request id: the client’s when it is harmless, else a new one', async () => {
  const idOf = async (path: string, id: string) =>
    (await edge.request(path, { headers: { 'x-request-id': id } })).headers.get('x-request-id');
  for (const path of ['/', '/health', '/nothing', '/video/v1/assets', '/x.m3u8', '/%']) {
    expect(await idOf(path, 'my-request-1')).toBe('my-request-1');
    for (const harmful of ['', 'short', 'x'.repeat(65), 'a b c d e f g', '<script>x</script>']) {
      expect(await idOf(path, harmful)).toMatch(/^[0-9a-f]{32}$/);
    }
  }
});

describe('hostile paths', () => {
  let film: Film;
  let session: string;
  beforeEach(async () => {
    film = await addFilm(edge);
    session = await openPlayback(edge, film);
    edge.origin.calls.length = 0;
  });

  it.each([
    '..%2f..%2fmain.m3u8',
    '%2e%2e/%2e%2e/x',
    'v720%2f0.m4s',
    'v720/%30.m4s',
    'v720/0.m4s%00',
    'v720/0.m4s%3Fx',
    'v720/%252e%252e',
    'v720//0.m4s',
    'v720/0.m4s;x',
    'v720/%',
    'v720/%zz',
    'v720/%ff',
    'V720/0.m4s',
    'v720/0.M4S',
    `v720/${'0'.repeat(10_000)}.m4s`,
    'v720/９.m4s',
  ])('%s below a session is 400 or 404, and reads nothing', async (path) => {
    expect([400, 404]).toContain((await edge.request(session + path)).status);
    expect(edge.origin.calls.filter((call) => call.includes('/internal/objects/'))).toEqual([]);
  });

  it('never become a 5xx, another object, or an answer without a request id', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '..',
        '%2e',
        '%2f',
        '%5c',
        '//',
        '\\',
        ';',
        '%00',
        '?',
        '#',
        '@',
        ':',
        '*',
        '~',
        's',
        'v720',
        '0.m4s',
        'playlist.m3u8',
        'manifest',
        'video.m3u8',
      ),
      fc.constantFrom(film.playbackId, session, film.prefix, 'internal', 'objects', 'video/v1', 'system/v1', 'thumbnail.jpg', '.m3u8'),
      fc.string({ maxLength: 12, unit: 'binary' }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.constantFrom('', '/'), async (pieces, separator) => {
        const path = `/${pieces.join(separator)}`;
        fc.pre(URL.canParse(EDGE_URL + path));
        const response = await edge.request(path);
        expect(response.status).toBeLessThan(500);
        expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
        const reads = edge.origin.calls.filter((call) => call.includes('/internal/objects/'));
        for (const call of reads) expect(call).toContain(film.prefix);
      }),
      { numRuns: 500 },
    );
  });
});

it('an error nobody foresaw is a 500 that says nothing of its inside', async () => {
  const broken = await createTestEdge({ cache: { match: () => Promise.reject(new Error('secret detail')), put: async () => undefined } });
  const film = await addFilm(broken, 'public');
  const response = await broken.request(`/${film.playbackId}.m3u8`);
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('secret detail');
});
