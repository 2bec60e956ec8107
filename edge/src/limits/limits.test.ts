import { newAccountId } from '@mediaflow/shared/ids';
import { describe, expect, it } from 'vitest';
import { addApiToken, addFilm, createTestEdge, openPlayback, readError, type TestEdge } from '../testing/edge.ts';
import { clientKey } from './charge.ts';
import { createCloudflareLimiter } from './cloudflare-limiter.ts';
import { createMemoryLimiter } from './memory-limiter.ts';
import { rateLimitSchema } from './parse-rate-limit.ts';

const LIMITS = { TOKEN_RATE_LIMIT: '5/10', CLIENT_RATE_LIMIT: '4/60', FAILURE_RATE_LIMIT: '3/60' };

const times = async <T>(count: number, run: () => Promise<T>): Promise<readonly T[]> => {
  const results: T[] = [];
  for (let index = 0; index < count; index += 1) results.push(await run());
  return results;
};
const statusOf = async (edge: TestEdge, headers: Record<string, string> = {}): Promise<number> =>
  (await edge.request('/video/v1/assets', { headers })).status;
const wrong = (tokenId: string, secret = 'wrong') => ({ authorization: `Basic ${btoa(`${tokenId}:${secret}`)}` });

describe('an API token', () => {
  it('gets 429 with Retry-After beyond its quota, and the same again as time goes by', async () => {
    const edge = await createTestEdge({}, LIMITS);
    const { headers } = await addApiToken(edge);
    expect(await times(6, () => statusOf(edge, headers))).toEqual([200, 200, 200, 200, 200, 429]);
    const refused = await edge.request('/video/v1/assets', { headers });
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(refused.headers.get('ratelimit-policy')).toBe('"token";q=5;w=10');
    expect(refused.headers.get('ratelimit')).toBe('"token";r=0;t=2');
    expect((await readError(refused)).type).toBe('rate_limited');
    edge.advanceMs(2_000);
    expect(await times(2, () => statusOf(edge, headers))).toEqual([200, 429]);
  });

  it('is told what is left with every answer, errors included', async () => {
    const edge = await createTestEdge({}, LIMITS);
    const { headers } = await addApiToken(edge, newAccountId(), ['video:read']);
    const ask = async (path: string) => (await edge.request(path, { headers })).headers.get('ratelimit');
    expect([await ask('/video/v1/assets'), await ask('/system/v1/whoami')]).toEqual(['"token";r=4;t=2', '"token";r=3;t=4']);
    // Beyond its scopes.
    expect(await ask('/system/v1/signing-keys')).toBe('"token";r=2;t=6');
    edge.origin.outageStatus = 500;
    expect(await ask('/video/v1/assets')).toBe('"token";r=1;t=8');
  });

  it('that floods takes nothing from another, and asks the origin for nothing beyond its quota', async () => {
    const edge = await createTestEdge({}, LIMITS);
    const [loud, quiet] = [await addApiToken(edge), await addApiToken(edge)];
    await times(100, () => statusOf(edge, loud.headers));
    expect(edge.origin.calls.filter((call) => call === 'GET /video/v1/assets')).toHaveLength(5);
    expect(await statusOf(edge, quiet.headers)).toBe(200);
  });

  it('shares its quota with the sessions that were opened with it', async () => {
    const edge = await createTestEdge({}, LIMITS);
    const token = await addApiToken(edge);
    const response = await edge.request('/system/v1/sessions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token_id: token.tokenId, token_secret: token.secret }),
    });
    const { data } = (await response.json()) as { data: { token: string } };
    await times(5, () => statusOf(edge, { authorization: `Bearer ${data.token}` }));
    expect(await statusOf(edge, token.headers)).toBe(429);
  });

  it('may burst as a dashboard and an SDK do under the limits that are set from the start', async () => {
    const edge = await createTestEdge();
    const { headers } = await addApiToken(edge);
    expect(new Set(await times(300, () => statusOf(edge, headers)))).toEqual(new Set([200]));
  });
});

describe('a client that guesses', () => {
  it('is stopped after some wrong secrets, and its tries ask the origin nothing', async () => {
    const edge = await createTestEdge({}, LIMITS);
    const { tokenId, headers } = await addApiToken(edge);
    let guess = 0;
    const tryNext = () => statusOf(edge, wrong(tokenId, `guess-${++guess}`));
    expect(await times(5, tryNext)).toEqual([401, 401, 401, 429, 429]);
    const asked = edge.origin.calls.filter((call) => call === 'POST /internal/credentials').length;
    await times(50, tryNext);
    expect(edge.origin.calls.filter((call) => call === 'POST /internal/credentials')).toHaveLength(asked);
    // Not even the right secret tells him that it is one.
    expect(await statusOf(edge, headers)).toBe(429);
    edge.advanceMs(20_000);
    expect(await statusOf(edge, headers)).toBe(200);
  });

  it('is stopped at the sign-in as well', async () => {
    const edge = await createTestEdge({}, LIMITS);
    const { tokenId } = await addApiToken(edge);
    const signIn = async () => {
      const body = JSON.stringify({ token_id: tokenId, token_secret: 'wrong' });
      return edge.request('/system/v1/sessions', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    };
    expect((await times(4, signIn)).map(({ status }) => status)).toEqual([401, 401, 401, 429]);
    expect((await signIn()).headers.get('retry-after')).toBe('20');
  });

  it('holds up no neighbour who has shown a right secret before, nor anybody at another address', async () => {
    let ip = '192.0.2.1';
    const edge = await createTestEdge({ clientOf: () => ({ ip }) }, LIMITS);
    const [known, fresh] = [await addApiToken(edge), await addApiToken(edge)];
    expect(await statusOf(edge, known.headers)).toBe(200);
    await times(10, () => statusOf(edge, wrong(known.tokenId)));
    expect([await statusOf(edge, known.headers), await statusOf(edge, fresh.headers)]).toEqual([200, 429]);
    ip = '192.0.2.2';
    expect(await statusOf(edge, fresh.headers)).toBe(200);
    // Past the guard is not past the check.
    ip = '192.0.2.1';
    known.revoke();
    edge.advanceMs(30_000);
    await times(10, () => statusOf(edge, wrong(fresh.tokenId)));
    expect([401, 429]).toContain(await statusOf(edge, known.headers));
  });

  it('without any credential is limited too, and leaves those who have one alone', async () => {
    const edge = await createTestEdge({}, LIMITS);
    const { headers } = await addApiToken(edge);
    expect(await times(6, () => statusOf(edge))).toEqual([401, 401, 401, 401, 429, 429]);
    expect(await statusOf(edge, headers)).toBe(200);
  });
});

describe('playback', () => {
  it('has no limit unless one is set, and then for manifests and not for media', async () => {
    const [free, limited] = [await createTestEdge({}, LIMITS), await createTestEdge({}, { PLAYBACK_RATE_LIMIT: '3/10' })];
    for (const [edge, statuses] of [
      [free, [200, 200, 200, 200]],
      [limited, [200, 200, 429, 429]],
    ] as const) {
      const film = await addFilm(edge);
      const session = await openPlayback(edge, film);
      const token = await film.sign();
      const open = async () => (await edge.request(`/${film.playbackId}.m3u8?token=${token}`)).status;
      expect(await times(4, open)).toEqual(statuses);
      const segment = async () => (await edge.request(`${session}v720/0.m4s`)).status;
      expect(new Set(await times(10, segment))).toEqual(new Set([200]));
    }
  });
});

describe('counting', () => {
  const clock = { nowMs: () => 0 };
  const policy = { quota: 1, windowSeconds: 10 };

  it('in memory forgets the client that was longest away, and keeps names apart', async () => {
    const limiter = createMemoryLimiter({ token: policy, client: policy }, clock, 2);
    const take = async (name: 'token' | 'client' | 'failure', key: string) => (await limiter.take(name, key)).isAllowed;
    expect([await take('token', 'a'), await take('client', 'a'), await take('token', 'a')]).toEqual([true, true, false]);
    expect([await take('token', 'b'), await take('client', 'a'), await take('token', 'b')]).toEqual([true, true, false]);
    expect(await times(5, () => take('failure', 'a'))).not.toContain(false);
  });

  it('is Cloudflare’s where a binding is there, and ours for the rest', async () => {
    const keys: string[] = [];
    const binding = {
      limit: async ({ key }: { readonly key: string }) => {
        keys.push(key);
        return { success: keys.length < 2 };
      },
    };
    const limits = { token: policy, client: policy };
    const limiter = createCloudflareLimiter({ token: binding, failure: binding }, limits, createMemoryLimiter(limits, clock));
    const applied = { ...policy, name: 'token' };
    expect(await limiter.take('token', 'a')).toEqual({ isAllowed: true, applied });
    expect(await limiter.take('token', 'b')).toEqual({ isAllowed: false, applied, remaining: 0, resetSeconds: 10 });
    expect(await limiter.take('failure', 'c')).toEqual({ isAllowed: true });
    expect([(await limiter.take('client', 'd')).isAllowed, (await limiter.take('client', 'd')).isAllowed]).toEqual([true, false]);
    expect(keys).toEqual(['a', 'b']);
  });

  it.each([
    [{ ip: '192.0.2.1' }, '192.0.2.1'],
    [{ ip: '2001:db8:1:2:3:4:5:6' }, '2001:db8:1:2'],
    [{}, 'unknown'],
  ])('tells %j apart as %s', (client, key) => {
    expect(clientKey(client)).toBe(key);
  });

  it.each([
    ['500/10', { quota: 500, windowSeconds: 10 }],
    ['off', undefined],
  ])('reads %s', (text, expected) => {
    expect(rateLimitSchema.parse(text)).toEqual(expected);
  });

  it.each(['', '500', '500/', '0/10', '5/0', '-1/10', '1.5/10', '5/10s', ' off', '99999999/1'])('refuses %j as a limit', (text) => {
    expect(rateLimitSchema.safeParse(text).success).toBe(false);
  });
});
