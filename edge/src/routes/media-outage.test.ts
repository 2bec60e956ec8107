import { beforeEach, describe, expect, it } from 'vitest';
import { addFilm, createTestEdge, type Film, openPlayback, type TestEdge } from '../testing/edge.ts';

let edge: TestEdge;
let film: Film;
let session: string;
beforeEach(async () => {
  edge = await createTestEdge();
  film = await addFilm(edge);
  session = await openPlayback(edge, film);
});

describe('an outage of the origin', () => {
  const HALF_AN_HOUR_MS = 1_800_000;
  const open = async (): Promise<number> => (await edge.request(`/${film.playbackId}.m3u8?token=${await film.sign()}`)).status;
  it('plays on from the cache, and says 503 for the rest', async () => {
    await edge.request(`${session}v720/0.m4s`);
    edge.origin.outageStatus = 502;
    expect((await edge.request(`${session}v720/0.m4s`)).status).toBe(200);
    const cold = await edge.request(`${session}v360/0.m4s`);
    expect([cold.status, cold.headers.get('retry-after'), cold.headers.get('cache-control')]).toEqual([503, '2', 'no-store']);
  });

  it('keeps known films playing: new viewers, their playlists and what is cached, and ends within two seconds', async () => {
    for (const path of ['v720/playlist.m3u8', 'v720/0.m4s']) await edge.request(session + path);
    edge.origin.outageStatus = 500;
    edge.advanceMs(HALF_AN_HOUR_MS);
    const late = await openPlayback(edge, film);
    for (const path of ['v720/playlist.m3u8', 'v720/0.m4s']) expect((await edge.request(late + path)).status).toBe(200);
    const cold = await edge.request(`${late}v360/0.m4s`);
    expect([cold.status, cold.headers.get('retry-after'), cold.headers.get('cache-control')]).toEqual([503, '2', 'no-store']);
    edge.origin.outageStatus = undefined;
    edge.advanceMs(2_000);
    expect((await edge.request(`${late}v360/0.m4s`)).status).toBe(200);
  });

  it('opens no film for more than an hour, and none that was not known', async () => {
    expect(await open()).toBe(200);
    const unknown = await addFilm(edge, 'public');
    edge.origin.outageStatus = 500;
    expect((await edge.request(`/${unknown.playbackId}.m3u8`)).status).toBe(503);
    edge.advanceMs(2 * HALF_AN_HOUR_MS + 60_000);
    expect(await open()).toBe(503);
  });

  it('brings nothing back that the origin took away before', async () => {
    edge.origin.signingKeys.delete(film.keyId);
    edge.advanceMs(60_000);
    expect(await open()).toBe(403);
    edge.origin.outageStatus = 500;
    edge.advanceMs(HALF_AN_HOUR_MS);
    expect(await open()).toBe(503);
  });
});
