import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import type { Asset, Revocation } from '@mediaflow/shared/api';
import type { RevocableObject } from '@mediaflow/shared/revocation';
import { revocationName } from '@mediaflow/shared/revocation';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createApp } from '../app.ts';
import { addApiToken, addFilm, createTestEdge, type Film, type TestEdge } from '../testing/edge.ts';
import { createWork } from './work.ts';

/** `./mediaflow doctor --edge`, as a person starts it, against the edge on a server of Node's. */
const CLI = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url));
const MEDIA_PLAYLIST = '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:4,\n0.m4s\n#EXT-X-ENDLIST\n';

let cleanUps: (() => unknown)[];
beforeEach(() => {
  cleanUps = [];
});
afterEach(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});

type Fetch = (request: Request) => Response | Promise<Response>;

/** @param inFront what stands between the doctor and the edge */
async function listen(edge: TestEdge, inFront = (fetch: Fetch): Fetch => fetch): Promise<string> {
  const app = createApp(edge.ports);
  const fetch = inFront((request) => {
    // A revocation holds after 30 s, which nobody is to wait here.
    edge.advanceMs(15_000);
    return app.fetch(request, {}, createWork().context);
  });
  const server = serve({ fetch, port: 0, hostname: '127.0.0.1' });
  cleanUps.push(() => server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Consultation {
  readonly exitCode: number;
  readonly verdicts: Readonly<Record<string, string>>;
  readonly findings: Readonly<Record<string, string>>;
}

async function consult(url: string, env: Readonly<Record<string, string>> = {}): Promise<Consultation> {
  const args = ['--experimental-strip-types', '--no-warnings', CLI, 'doctor', '--edge', url, '--json', '--data', import.meta.dirname];
  const { exitCode, printed } = await new Promise<{ exitCode: number; printed: string }>((resolve) => {
    const child = execFile(process.execPath, args, { env }, (_, printed) => resolve({ exitCode: child.exitCode ?? -1, printed }));
  });
  const results = JSON.parse(printed || '[]') as { name: string; verdict: string; finding: string }[];
  return {
    exitCode,
    verdicts: Object.fromEntries(results.map(({ name, verdict }) => [name, verdict])),
    findings: Object.fromEntries(results.map(({ name, finding }) => [name, finding])),
  };
}

/** A film of an account with an API token, as the origin would list it. */
async function addListed(edge: TestEdge): Promise<{ film: Film; env: Record<string, string> }> {
  const film = await addFilm(edge);
  const { tokenId, secret } = await addApiToken(edge, film.accountId);
  edge.origin.objects.set(`${film.prefix}v360/playlist.m3u8`, new TextEncoder().encode(MEDIA_PLAYLIST));
  const asset: Asset = {
    id: film.assetId,
    created_at: '1700000000',
    encoding_tier: 'smart',
    master_access: 'none',
    max_resolution_tier: '1080p',
    progress: { state: 'completed', progress: 100 },
    status: 'ready',
    video_quality: 'plus',
    playable_at: '1700000000',
    playback_ids: [{ id: film.playbackId, policy: 'signed' }],
  };
  edge.origin.management.set('GET /video/v1/assets', () => [asset]);
  edge.origin.management.set('POST /system/v1/revocations', (body): Revocation => {
    const { object } = JSON.parse(body) as { object: RevocableObject };
    edge.origin.revocations.push({ name: revocationName(object), expires_at: edge.origin.nowSeconds + 600 });
    return { id: 'r1', object, created_at: '1700000000' };
  });
  return { film, env: { MEDIAFLOW_TOKEN_ID: tokenId, MEDIAFLOW_TOKEN_SECRET: secret } };
}

it('finds all well, by a session of its own that it revokes', async () => {
  const edge = await createTestEdge();
  const { film, env } = await addListed(edge);
  const { exitCode, verdicts, findings } = await consult(await listen(edge), env);
  expect(findings).toMatchObject({ cache: expect.stringMatching(/hit$/), playback: `${film.assetId} opens` });
  expect(verdicts).toEqual({
    health: 'ok',
    transport: 'ok',
    origin: 'ok',
    secret: 'ok',
    CORS: 'ok',
    sessions: 'ok',
    playback: 'ok',
    cache: 'ok',
    'sessions, cached': 'ok',
    revocation: 'ok',
  });
  expect(edge.origin.revocations.map(({ name }) => name)).toEqual([expect.stringMatching(`^session:${film.playbackId}:`)]);
  expect(exitCode).toBe(0);
});

it('looks at what needs no credentials without them', async () => {
  const { exitCode, verdicts } = await consult(await listen(await createTestEdge()));
  expect([exitCode, verdicts.secret, verdicts.playback]).toEqual([0, 'ok', 'warn']);
});

it('finds an edge that has another secret than its origin', async () => {
  const edge = await createTestEdge({}, { MEDIAFLOW_SECRET: 'another secret of more than 32 characters' });
  const { exitCode, verdicts } = await consult(await listen(edge));
  expect([exitCode, verdicts.health, verdicts.origin, verdicts.secret]).toEqual([1, 'ok', 'ok', 'fail']);
});

it('finds an origin that is away', async () => {
  const edge = await createTestEdge();
  edge.origin.outageStatus = 502;
  const { exitCode, verdicts } = await consult(await listen(edge));
  expect([exitCode, verdicts.health, verdicts.origin, verdicts.secret]).toEqual([1, 'ok', 'fail', 'fail']);
});

it('finds a cache that keeps nothing', async () => {
  const edge = await createTestEdge({ cache: { match: async () => undefined, put: async () => undefined } });
  const { env } = await addListed(edge);
  const { exitCode, findings } = await consult(await listen(edge), env);
  expect([exitCode, findings.cache]).toEqual([1, 'miss, miss, miss, miss, miss, never hit']);
});

it('finds a cache in front that answers every session, and headers that are taken away', async () => {
  const edge = await createTestEdge();
  const { env } = await addListed(edge);
  const kept = new Map<string, Response>();
  const careless = (fetch: Fetch) => async (request: Request) => {
    const name = request.url.replace(/\/s\/[^/]+/, '');
    const answer = kept.get(name)?.clone() ?? (await fetch(request));
    if (answer.ok && request.method === 'GET' && name !== request.url) kept.set(name, answer.clone());
    const headers = new Headers(answer.headers);
    headers.delete('access-control-allow-origin');
    return new Response(answer.body, { status: answer.status, headers });
  };
  const { exitCode, verdicts, findings } = await consult(await listen(edge, careless), env);
  expect([exitCode, verdicts.CORS, findings['sessions, cached']]).toEqual([1, 'fail', 'a forged one is answered with 200']);
});

it('says that nobody is there, and what is no address', async () => {
  const { exitCode, verdicts } = await consult('http://127.0.0.1:1');
  expect([exitCode, verdicts]).toEqual([1, { health: 'fail' }]);
  expect((await consult('nowhere')).exitCode).toBe(2);
});
