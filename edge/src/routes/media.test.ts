import { beforeEach, describe, expect, it } from 'vitest';
import {
  addFilm,
  createTestEdge,
  type Film,
  fill,
  MULTIVARIANT,
  openPlayback,
  readError,
  readText,
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

const SEGMENT = fill(3000, 2);
const readBytes = async (response: Response): Promise<Uint8Array> => new Uint8Array(await response.arrayBuffer());
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

  it('is read from the store once for fifty viewers at the same time', async () => {
    const responses = await Promise.all(Array.from({ length: 50 }, () => edge.request(`${session}v720/0.m4s`)));
    for (const response of responses) expect(await readBytes(response)).toEqual(SEGMENT);
    expect(storeReads('v720/0.m4s')).toBe(1);
    expect(responses.filter((response) => response.headers.get('x-mediaflow-cache') === 'miss')).toHaveLength(1);
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
    expect((await edge.request(`${session}v720/0.m4s`, { method: 'HEAD' })).status).toBe(503);
    edge.origin.makes.set(key, SEGMENT);
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

  it('is read at most twice for five hundred viewers who miss it at the same time', async () => {
    const responses = await Promise.all(Array.from({ length: 500 }, () => edge.request(`${session}v360/0.m4s`)));
    for (const response of responses) expect(await readBytes(response)).toEqual(SEGMENT);
    expect(storeReads('v360/0.m4s')).toBeLessThanOrEqual(2);
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

  it('plays on from the cache while the origin is away, and says 503 for the rest', async () => {
    await edge.request(`${session}v720/0.m4s`);
    edge.origin.outageStatus = 502;
    expect((await edge.request(`${session}v720/0.m4s`)).status).toBe(200);
    const cold = await edge.request(`${session}v360/0.m4s`);
    expect([cold.status, cold.headers.get('retry-after'), cold.headers.get('cache-control')]).toEqual([503, '2', 'no-store']);
  });
});

it('keeps the headers of answers apart, whatever was answered before or is at the same time', async () => {
  edge.origin.objects.set(`${film.prefix}v720/1.m4s`, fill(50, 1));
  const ranges = ['bytes=0-9', undefined, 'bytes=9999-', undefined, 'bytes=-1'];
  const answers = await Promise.all(
    [0, 1, 0, 1].flatMap((number) =>
      ranges.map(async (range) => {
        const { headers } = await edge.request(`${session}v720/${number}.m4s`, { headers: range === undefined ? {} : { range } });
        return [number, headers.get('content-range'), headers.get('etag')?.split('-')[0]];
      }),
    ),
  );
  const expected = (number: number, size: number) =>
    [`bytes 0-9/${size}`, null, `bytes */${size}`, null, `bytes ${size - 1}-${size - 1}/${size}`].map((range) => [
      number,
      range,
      `"${size}`,
    ]);
  expect(answers).toEqual([...expected(0, 3000), ...expected(1, 50), ...expected(0, 3000), ...expected(1, 50)]);
});

describe('an outage of the origin', () => {
  const HALF_AN_HOUR_MS = 1_800_000;
  const open = async (): Promise<number> => (await edge.request(`/${film.playbackId}.m3u8?token=${await film.sign()}`)).status;

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

describe.each(['cold', 'warm', 'not yet encoded'])('a segment that is %s', (temperature) => {
  beforeEach(async () => {
    if (temperature === 'warm') await edge.request(`${session}v720/0.m4s`);
    if (temperature !== 'not yet encoded') return;
    edge.origin.objects.delete(`${film.prefix}v720/0.m4s`);
    edge.origin.makes.set(`${film.prefix}v720/0.m4s`, SEGMENT);
  });

  it.each([
    ['bytes=0-0', 206, 'bytes 0-0/3000', [0, 1]],
    ['bytes=100-1999', 206, 'bytes 100-1999/3000', [100, 2000]],
    ['bytes=2990-', 206, 'bytes 2990-2999/3000', [2990, 3000]],
    ['bytes=-10', 206, 'bytes 2990-2999/3000', [2990, 3000]],
    ['bytes=2999-5000', 206, 'bytes 2999-2999/3000', [2999, 3000]],
    ['bytes=0-1,5-6', 200, null, [0, 3000]],
    ['bytes=3000-', 416, 'bytes */3000', [0, 0]],
  ])('answers %s with %i', async (range, status, contentRange, [from, to]) => {
    const response = await edge.request(`${session}v720/0.m4s`, { headers: { range } });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-range')).toBe(contentRange);
    expect(await readBytes(response)).toEqual(SEGMENT.slice(from, to));
  });

  it('is whole in the cache after a part of it was asked for', async () => {
    await edge.request(`${session}v720/0.m4s`, { headers: { range: 'bytes=0-9' } });
    const response = await edge.request(`${session}v720/0.m4s`);
    expect(response.headers.get('x-mediaflow-cache')).toBe('hit');
    expect(await readBytes(response)).toEqual(SEGMENT);
  });

  it('answers HEAD as GET, without the bytes', async () => {
    // Nothing is encoded for a question about the headers.
    if (temperature === 'not yet encoded') await edge.request(`${session}v720/0.m4s`);
    const headersOf = async (method: string): Promise<Record<string, string>> => {
      const { headers } = await edge.request(`${session}v720/0.m4s`, { method });
      for (const name of ['x-request-id', 'server-timing', 'x-mediaflow-cache']) headers.delete(name);
      return Object.fromEntries(headers);
    };
    expect(await headersOf('HEAD')).toEqual(await headersOf('GET'));
    const response = await edge.request(`${session}v720/0.m4s`, { method: 'HEAD', headers: { range: 'bytes=0-9' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('3000');
    expect(response.headers.get('content-type')).toBe('video/iso.segment');
    expect((await readBytes(response)).length).toBe(0);
  });

  it('answers 304 to whoever has it', async () => {
    const etag = (await edge.request(`${session}v720/0.m4s`)).headers.get('etag') ?? '';
    const response = await edge.request(`${session}v720/0.m4s`, { headers: { 'if-none-match': etag } });
    expect(response.status).toBe(304);
    expect((await readBytes(response)).length).toBe(0);
  });

  it('is refused to every session that is not one, as if it did not exist', async () => {
    const path = session.split('/')[2] ?? '';
    const forged = path.replace(/^./, (char) => (char === 'B' ? 'C' : 'B'));
    const answers = await Promise.all(
      ['x', forged, `${path}A`, path.slice(1), path.toUpperCase(), 'a'.repeat(70), 'a'.repeat(400)].flatMap((text) =>
        ['v720/0.m4s', 'v720/999.m4s', 'nothing/at.all'].map(async (file) => {
          const response = await edge.request(`/s/${text}/${file}`);
          return `${response.status} ${await response.text()}`;
        }),
      ),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^403 .*session_refused/);
  });

  it('is refused when the session is over', async () => {
    // The token's ten minutes, the film's half, and four hours.
    edge.advanceMs(600_000 + 30_000 + 4 * 3_600_000 - 1_000);
    expect((await edge.request(`${session}v720/0.m4s`)).status).toBe(200);
    edge.advanceMs(1_000);
    expect((await edge.request(`${session}v720/0.m4s`)).status).toBe(403);
  });

  it('is refused when the token capped the session below it', async () => {
    const capped = await openPlayback(edge, film, { max_resolution: '360p' });
    for (const file of ['playlist.m3u8', 'init.mp4', '0.m4s', '999.m4s']) {
      expect((await edge.request(`${capped}v720/${file}`)).status).toBe(403);
    }
    expect((await edge.request(`${capped}v360/0.m4s`)).status).toBe(200);
    expect((await edge.request(`${capped}a0/0.m4s`)).status).toBe(200);
    const floored = await openPlayback(edge, film, { min_resolution: '1080p' });
    expect((await edge.request(`${floored}v720/0.m4s`)).status).toBe(403);
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

  it('is 404 for a question about its headers when the film has no such segment', async () => {
    const timeline = { frameRate: { num: 25, den: 1 }, framesPerSegment: 100, frameCount: 750, segmentCount: 8 };
    const playback = edge.origin.playbacks.get(film.playbackId);
    if (playback !== undefined) edge.origin.playbacks.set(film.playbackId, { ...playback, timeline });
    edge.advanceMs(30_000);
    const statusOf = async (path: string): Promise<number> => (await edge.request(session + path, { method: 'HEAD' })).status;
    const statuses = ['v720/7.m4s', 'v720/8.m4s', 't0/0.vtt', 't0/1.vtt', 'v720/0.m4s'].map(statusOf);
    expect(await Promise.all(statuses)).toEqual([503, 404, 503, 404, 200]);
    expect(makeCalls()).toBe(0);
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
