import { AppError } from '@mediaflow/shared/errors';
import { type RevocableObject, revocationName } from '@mediaflow/shared/revocation';
import { verifySession } from '@mediaflow/shared/session';
import { beforeEach, describe, expect, it } from 'vitest';
import { createRevocations } from '../revocations/revocations.ts';
import { addFilm, createTestEdge, type Film, openPlayback, readError, readText, type TestEdge } from '../testing/edge.ts';

let edge: TestEdge;
let film: Film;
/** Path of the media of the viewer who is shut out, and that of one who is not. */
let session: string;
let other: string;
beforeEach(async () => {
  edge = await createTestEdge();
  film = await addFilm(edge);
  session = await openPlayback(edge, film);
  other = await openPlayback(edge, film);
});

/** After it every request knows. */
function revoke(object: RevocableObject): void {
  edge.origin.revocations.push({ name: revocationName(object) });
  edge.advanceMs(20_000);
}

async function viewerIdOf(path: string): Promise<string> {
  const opened = await verifySession(edge.ports.keys.session, path.split('/')[2] ?? '', 0);
  return opened?.viewerId ?? '';
}

const statusOf = async (path: string, init?: RequestInit): Promise<number> => (await edge.request(path, init)).status;
const openAgain = async (by: Film = film): Promise<Response> => edge.request(`/${by.playbackId}.m3u8?token=${await by.sign()}`);

describe.each<[string, () => Promise<RevocableObject>, boolean]>([
  ['a session', async () => ({ type: 'session', id: await viewerIdOf(session), playback_id: film.playbackId }), false],
  ['a playback id', async () => ({ type: 'playback_id', id: film.playbackId }), true],
  ['a signing key', async () => ({ type: 'signing_key', id: film.keyId }), true],
  ['an asset', async () => ({ type: 'asset', id: film.assetId }), true],
])('%s that is revoked', (_, objectOf, isForAll) => {
  it('is refused like a session that is none: warm, cold, being made or nowhere, to GET and HEAD', async () => {
    await edge.request(`${session}v720/0.m4s`);
    revoke(await objectOf());
    edge.origin.calls.length = 0;
    const answers = new Set<string>();
    for (const start of [session, '/s/forged/']) {
      for (const file of ['v720/0.m4s', 'v360/0.m4s', 'v720/1.m4s', 'v720/999.m4s', 'v720/playlist.m3u8', 'nothing/at.all']) {
        const [got, head] = [await edge.request(start + file), await statusOf(start + file, { method: 'HEAD' })];
        answers.add(`${got.status} ${head} ${got.headers.get('cache-control')} ${await got.text()}`);
      }
    }
    expect([...answers]).toEqual([expect.stringMatching(/^403 403 no-store .*session_refused/)]);
    expect(edge.origin.calls).toEqual(['GET /internal/revocations']);
  });

  it(`${isForAll ? 'shuts out everybody' : 'shuts out nobody else'}, and opens ${isForAll ? 'no' : 'further'} sessions`, async () => {
    revoke(await objectOf());
    expect(await statusOf(`${other}v720/0.m4s`)).toBe(isForAll ? 403 : 200);
    const again = await openAgain();
    expect(again.status).toBe(isForAll ? 403 : 200);
    if (isForAll) expect((await readError(again)).reason).toBe('token_refused');
    const token = await film.sign({ aud: 't' });
    expect(await statusOf(`/${film.playbackId}/thumbnail.jpg?token=${token}`)).toBe(isForAll ? 403 : 200);
    expect((await openAgain(await addFilm(edge))).status).toBe(200);
  });
});

it('a public playback id that is revoked answers as if it were deleted', async () => {
  const open = await addFilm(edge, 'public');
  expect(await statusOf(`/${open.playbackId}.m3u8`)).toBe(200);
  revoke({ type: 'playback_id', id: open.playbackId });
  const [revoked, unknown] = [await edge.request(`/${open.playbackId}.m3u8`), await edge.request(`/${'0'.repeat(32)}.m3u8`)];
  expect([revoked.status, await revoked.text()]).toEqual([404, await unknown.text()]);
  expect(await statusOf(`/${open.playbackId}/thumbnail.jpg`)).toBe(404);
});

it('a session is known by the name that its manifest gave it', async () => {
  const manifest = await openAgain();
  const id = manifest.headers.get('x-mediaflow-session') ?? '';
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(manifest.headers.get('access-control-expose-headers')).toContain('X-MediaFlow-Session');
  const path = /\/s\/[\w-]+\//.exec(await readText(manifest))?.[0] ?? '';
  expect(await statusOf(`${path}v720/0.m4s`)).toBe(200);
  revoke({ type: 'session', id, playback_id: film.playbackId });
  expect(await statusOf(`${path}v720/0.m4s`)).toBe(403);
});

it('of another playback id the same session is not revoked', async () => {
  const stranger = await addFilm(edge);
  revoke({ type: 'session', id: await viewerIdOf(session), playback_id: stranger.playbackId });
  expect(await statusOf(`${session}v720/0.m4s`)).toBe(200);
});

it('a session that was let go of again plays on', async () => {
  const object: RevocableObject = { type: 'session', id: await viewerIdOf(session), playback_id: film.playbackId };
  revoke(object);
  expect(await statusOf(`${session}v720/0.m4s`)).toBe(403);
  edge.origin.revocations.push({ name: revocationName(object), is_lifted: true });
  edge.advanceMs(20_000);
  expect(await statusOf(`${session}v720/0.m4s`)).toBe(200);
});

it('a session is verified without asking anybody', async () => {
  await edge.request(`${session}v720/0.m4s`);
  edge.origin.calls.length = 0;
  for (let count = 0; count < 5; count += 1) expect(await statusOf(`${session}v720/0.m4s`)).toBe(200);
  expect(edge.origin.calls).toEqual([]);
});

describe('while the origin is away', () => {
  it('what was revoked stays so, and the others play on', async () => {
    await edge.request(`${session}v720/0.m4s`);
    revoke({ type: 'session', id: await viewerIdOf(session), playback_id: film.playbackId });
    await edge.request(`${session}v720/0.m4s`);
    edge.origin.outageStatus = 500;
    edge.advanceMs(3600_000);
    expect([await statusOf(`${session}v720/0.m4s`), await statusOf(`${other}v720/0.m4s`)]).toEqual([403, 200]);
  });

  it('an edge that has never heard what is revoked answers nobody, and no session it cannot verify learns of it', async () => {
    const deaf = await createTestEdge({
      keys: edge.ports.keys,
      revocations: createRevocations({
        origin: { getRevocations: () => Promise.reject(new AppError('unavailable', 'away', { retryAfterSeconds: 2 })) },
        kept: { read: async () => undefined, write: async () => undefined },
        clock: edge.ports.clock,
        log: edge.ports.log,
      }),
    });
    for (const path of [`${session}v720/0.m4s`, `/${film.playbackId}.m3u8`, `/${film.playbackId}/thumbnail.jpg`]) {
      const response = await deaf.request(path);
      expect([response.status, response.headers.get('retry-after'), response.headers.get('cache-control')]).toEqual([503, '2', 'no-store']);
    }
    expect((await deaf.request('/s/forged/v720/0.m4s')).status).toBe(403);
  });
});
