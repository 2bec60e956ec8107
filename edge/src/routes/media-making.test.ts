import { beforeEach, describe, expect, it } from 'vitest';
import { addFilm, createTestEdge, type Film, openPlayback, readBytes, readError, SEGMENT, type TestEdge } from '../testing/edge.ts';

let edge: TestEdge;
let film: Film;
let session: string;
beforeEach(async () => {
  edge = await createTestEdge();
  film = await addFilm(edge);
  session = await openPlayback(edge, film);
});

describe('what is not stored', () => {
  const makeCalls = (): number => edge.origin.calls.filter((call) => call === 'POST /internal/segments').length;

  it('is 503 with Retry-After while it is being made, then 200', async () => {
    const key = `${film.prefix}v720/1.m4s`;
    edge.origin.segments.set(key, { state: 'pending', retry_after_seconds: 3 });
    const pending = await edge.request(`${session}v720/1.m4s`);
    expect([pending.status, pending.headers.get('retry-after'), pending.headers.get('cache-control')]).toEqual([503, '3', 'no-store']);
    expect((await readError(await edge.request(`${session}v720/1.m4s`))).type).toBe('segment_pending');
    edge.origin.objects.set(key, SEGMENT);
    expect((await edge.request(`${session}v720/1.m4s`)).status).toBe(200);
  });

  it.each([
    ['v720/1.m4s', 'private, max-age=31536000, immutable'],
    ['v720/init.mp4', 'private, max-age=31536000, immutable'],
    ['t0/0.vtt', 'private, max-age=31536000, immutable'],
    ['v720/playlist.m3u8', 'private, max-age=60'],
    ['v720/iframes.m3u8', 'private, max-age=60'],
  ])('is made while the request waits, and cached then: %s', async (path, cacheControl) => {
    const key = film.prefix + path;
    edge.origin.objects.delete(key);
    edge.origin.makes.set(key, SEGMENT);
    const [made, again] = [await edge.request(session + path), await edge.request(session + path)];
    expect([made.status, made.headers.get('x-mediaflow-cache'), made.headers.get('cache-control')]).toEqual([200, 'made', cacheControl]);
    expect(made.headers.get('server-timing')).toContain('cache;desc="made"');
    expect(await readBytes(made)).toEqual(SEGMENT);
    expect([again.status, again.headers.get('x-mediaflow-cache')]).toEqual([200, 'hit']);
    expect(makeCalls()).toBe(1);
  });

  it('is asked for with the longest wait', async () => {
    await edge.request(`${session}v720/1.m4s`);
    expect(edge.origin.segmentQueries).toEqual([{ key: `${film.prefix}v720/1.m4s`, wait_ms: 15_000 }]);
  });

  it('answers a range of what was just made', async () => {
    edge.origin.makes.set(`${film.prefix}v720/1.m4s`, SEGMENT);
    const response = await edge.request(`${session}v720/1.m4s`, { headers: { range: 'bytes=10-19' } });
    expect([response.status, response.headers.get('x-mediaflow-cache')]).toEqual([206, 'made']);
    expect(await readBytes(response)).toEqual(SEGMENT.slice(10, 20));
  });

  it('is made for fifty viewers at once by one question, and read once', async () => {
    edge.origin.makes.set(`${film.prefix}v720/1.m4s`, SEGMENT);
    const responses = await Promise.all(Array.from({ length: 50 }, () => edge.request(`${session}v720/1.m4s`)));
    for (const response of responses) expect(await readBytes(response)).toEqual(SEGMENT);
    expect(makeCalls()).toBe(1);
  });

  it('is asked for again after a failure, which nobody remembers', async () => {
    const key = `${film.prefix}v720/1.m4s`;
    edge.origin.segments.set(key, { state: 'pending' });
    expect((await edge.request(`${session}v720/1.m4s`)).status).toBe(503);
    edge.origin.outageStatus = 500;
    expect((await edge.request(`${session}v720/1.m4s`)).status).toBe(503);
    edge.origin.outageStatus = undefined;
    edge.origin.makes.set(key, SEGMENT);
    expect((await edge.request(`${session}v720/1.m4s`)).status).toBe(200);
  });

  it('is pending when the origin calls it stored and the store does not have it', async () => {
    edge.origin.segments.set(`${film.prefix}v720/1.m4s`, { state: 'stored' });
    expect((await edge.request(`${session}v720/1.m4s`)).status).toBe(503);
  });

  it('is not made for a question about its headers', async () => {
    edge.origin.makes.set(`${film.prefix}v720/1.m4s`, SEGMENT);
    const response = await edge.request(`${session}v720/1.m4s`, { method: 'HEAD' });
    expect([response.status, response.headers.get('retry-after'), response.headers.get('cache-control')]).toEqual([503, '1', 'no-store']);
    expect(makeCalls()).toBe(0);
  });

  it.each(['v720/1.m4s', 'v240/0.m4s', 'a7/init.mp4', 't0/0.vtt', 'v240/playlist.m3u8', 'v240/iframes.m3u8'])(
    'is 404 for a question about its headers when nothing would make it, as it is without one: %s',
    async (path) => {
      expect((await edge.request(session + path, { method: 'HEAD' })).status).toBe(404);
      expect(makeCalls()).toBe(0);
      expect((await edge.request(session + path)).status).toBe(404);
      edge.origin.makes.set(film.prefix + path, SEGMENT);
      edge.advanceMs(1_000);
      expect((await edge.request(session + path, { method: 'HEAD' })).status).toBe(503);
      expect(makeCalls()).toBe(1);
      expect((await edge.request(session + path)).status).toBe(200);
      expect((await edge.request(session + path, { method: 'HEAD' })).status).toBe(200);
    },
  );

  it('is 503 for a question about its headers while the origin is away', async () => {
    edge.origin.outageStatus = 500;
    expect((await edge.request(`${session}v720/1.m4s`, { method: 'HEAD' })).status).toBe(503);
  });

  it.each([
    'v720/999.m4s',
    'v240/0.m4s',
    'a7/init.mp4',
    'v720/other.mp4',
    'v720/00.m4s',
    'v720/-1.m4s',
    'v720/1e3.m4s',
    'main.m3u8',
    'v720',
    'v720/0.m4s/x',
  ])('is 404 when no playlist names it: %s', async (path) => {
    const response = await edge.request(session + path);
    expect(response.status).toBe(404);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect((await readError(response)).type).toBe('not_found');
  });

  it('costs the origin one question, however many ask while it holds the answer', async () => {
    edge.origin.makeHoldMs = 500;
    edge.origin.segments.set(`${film.prefix}v720/1.m4s`, { state: 'pending' });
    await Promise.all(Array.from({ length: 30 }, () => edge.request(`${session}v720/1.m4s`)));
    expect(makeCalls()).toBe(1);
  });
});
