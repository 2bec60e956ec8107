import { beforeEach, describe, expect, it } from 'vitest';
import {
  addFilm,
  createTestEdge,
  type Film,
  fill,
  MULTIVARIANT,
  openPlayback,
  readBytes,
  readText,
  SEGMENT,
  type TestEdge,
} from '../testing/edge.ts';

let edge: TestEdge;
let film: Film;
let session: string;
beforeEach(async () => {
  edge = await createTestEdge();
  film = await addFilm(edge);
  session = await openPlayback(edge, film);
});

const storeReads = (name: string): number =>
  edge.origin.calls.filter((call) => call === `GET /internal/objects/${film.prefix}${name}`).length;

describe('media', () => {
  it.each([
    ['v720/playlist.m3u8', 'application/vnd.apple.mpegurl', 'private, max-age=60'],
    ['v720/init.mp4', 'video/mp4', 'private, max-age=31536000, immutable'],
    ['a0/init.mp4', 'audio/mp4', 'private, max-age=31536000, immutable'],
    ['v720/0.m4s', 'video/iso.segment', 'private, max-age=31536000, immutable'],
    ['a0/0.m4s', 'video/iso.segment', 'private, max-age=31536000, immutable'],
  ])('%s is served cold and warm alike', async (path, type, cacheControl) => {
    const [cold, warm] = [await edge.request(session + path), await edge.request(session + path)];
    expect([cold.headers.get('x-mediaflow-cache'), warm.headers.get('x-mediaflow-cache')]).toEqual(['miss', 'hit']);
    for (const response of [cold, warm]) {
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(type);
      expect(response.headers.get('cache-control')).toBe(cacheControl);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('server-timing')).toContain('cache;desc=');
      expect(response.headers.get('etag')).toBe(cold.headers.get('etag'));
    }
    expect(await readBytes(warm)).toEqual(await readBytes(cold));
  });

  it('is read from the store once for fifty viewers with fifty tokens and any query', async () => {
    for (let viewer = 0; viewer < 50; viewer += 1) {
      const own = await openPlayback(edge, film, { viewer });
      const response = await edge.request(`${own}v720/0.m4s?cb=${viewer}&token=${viewer}`);
      expect(await readBytes(response)).toEqual(SEGMENT);
    }
    expect(storeReads('v720/0.m4s')).toBe(1);
    expect(storeReads('main.m3u8')).toBe(1);
  });

  it('is read from the store once for those who come before it is there and while it comes, and never again', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    edge.origin.objectsHeld = held;
    const ask = (viewers: number) => Array.from({ length: viewers }, () => edge.request(`${session}v720/0.m4s`));
    const first = ask(25);
    await expect.poll(() => storeReads('v720/0.m4s')).toBe(1);
    const waiting = ask(25);
    release();
    const [early, late] = [await Promise.all([...first, ...waiting]), await Promise.all(ask(25))];
    for (const response of [...early, ...late]) expect(await readBytes(response)).toEqual(SEGMENT);
    const outcomeOf = ({ headers }: Response) => headers.get('x-mediaflow-cache');
    expect(early.filter((response) => outcomeOf(response) === 'miss')).toHaveLength(1);
    expect(new Set(late.map(outcomeOf))).toEqual(new Set(['hit']));
    expect(storeReads('v720/0.m4s')).toBe(1);
  });

  it('enters the cache whole or not at all', async () => {
    edge.origin.truncateAfterBytes = 1000;
    await expect(edge.request(`${session}v720/0.m4s`)).rejects.toThrow();
    edge.origin.truncateAfterBytes = undefined;
    const again = await edge.request(`${session}v720/0.m4s`);
    expect(again.headers.get('x-mediaflow-cache')).toBe('miss');
    expect(await readBytes(again)).toEqual(SEGMENT);
  });

  it('that lost its bytes is absent, and made again', async () => {
    const key = `${film.prefix}v720/0.m4s`;
    edge.origin.objects.set(key, new Uint8Array());
    edge.origin.makes.set(key, SEGMENT);
    expect((await edge.request(`${session}v720/0.m4s`, { method: 'HEAD' })).status).toBe(503);
    const made = await edge.request(`${session}v720/0.m4s`);
    expect(made.headers.get('x-mediaflow-cache')).toBe('made');
    expect(await readBytes(made)).toEqual(SEGMENT);
  });

  it('is cached under one name whatever players add to its address', async () => {
    const cmcd = 'CMCD=br%3D3200%2Cbs%2Cd%3D4004%2Csid%3D%22a-b%22';
    for (const query of [cmcd, `${cmcd}&cb=2`, 'cb=3', 'token=x&token=y', 'range=0-1', 'x'.repeat(2_000)]) {
      expect(await readBytes(await edge.request(`${session}v720/0.m4s?${query}`))).toEqual(SEGMENT);
    }
    expect(storeReads('v720/0.m4s')).toBe(1);
  });

  it('is kept in no cache in between when it is not there', async () => {
    for (const path of ['v720/999.m4s', 'v720/init.mp4x']) {
      expect((await edge.request(session + path)).headers.get('cache-control')).toBe('no-store');
    }
    edge.origin.objects.set(`${film.prefix}v720/999.m4s`, SEGMENT);
    expect((await edge.request(`${session}v720/999.m4s`)).status).toBe(200);
  });

  it('says where it came from and how long that took', async () => {
    const timing = async () => (await edge.request(`${session}v720/0.m4s`)).headers.get('server-timing');
    expect([await timing(), await timing()]).toEqual([
      expect.stringMatching(/^cache;desc="miss", reader;desc="origin", total;dur=\d+$/),
      expect.stringMatching(/^cache;desc="hit", total;dur=\d+$/),
    ]);
  });
});

it('of a version that was replaced plays on in the sessions that began with it, as long as it is there', async () => {
  const known = edge.origin.playbacks.get(film.playbackId);
  if (known === undefined) throw new Error('the film is not known');
  edge.origin.playbacks.set(film.playbackId, { ...known, version: 2 });
  const renewed = film.prefix.replace(/1\/$/, '2/');
  for (const name of ['main.m3u8', 'v720/0.m4s']) {
    edge.origin.objects.set(renewed + name, name === 'main.m3u8' ? new TextEncoder().encode(MULTIVARIANT) : fill(50, 7));
  }
  edge.advanceMs(30_000);
  const later = await openPlayback(edge, film);
  expect(await readBytes(await edge.request(`${session}v720/0.m4s`))).toEqual(SEGMENT);
  expect(await readBytes(await edge.request(`${later}v720/0.m4s`))).toEqual(fill(50, 7));
  edge.origin.objects.delete(`${film.prefix}v360/0.m4s`);
  expect((await edge.request(`${session}v360/0.m4s`)).status).toBe(404);
});

it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s is 405', async (method) => {
  const response = await edge.request(`${session}v720/0.m4s`, { method });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
});

it('answers a preflight for ranged reads', async () => {
  const response = await edge.request(`${session}v720/0.m4s`, {
    method: 'OPTIONS',
    headers: { 'access-control-request-headers': 'range' },
  });
  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-headers')).toContain('Range');
  expect(await readText(response)).toBe('');
});
