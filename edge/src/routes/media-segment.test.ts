import { beforeEach, describe, expect, it, vi } from 'vitest';
import { addFilm, createTestEdge, type Film, fill, openPlayback, readBytes, SEGMENT, type TestEdge } from '../testing/edge.ts';

let edge: TestEdge;
let film: Film;
let session: string;
beforeEach(async () => {
  edge = await createTestEdge();
  film = await addFilm(edge);
  session = await openPlayback(edge, film);
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

  it('answers 412 to whoever wants what it no longer is, and with no bytes of the new', async () => {
    const etag = (await edge.request(`${session}v720/0.m4s`)).headers.get('etag') ?? '';
    const ask = (ifMatch: string, init: RequestInit = {}) =>
      edge.request(`${session}v720/0.m4s`, { ...init, headers: { 'if-match': ifMatch, range: 'bytes=0-9' } });
    expect((await ask(etag)).status).toBe(206);
    for (const method of ['GET', 'HEAD']) {
      const response = await ask('"before"', { method });
      expect([response.status, response.headers.get('etag'), response.headers.get('content-range')]).toEqual([412, etag, null]);
      expect((await readBytes(response)).length).toBe(0);
    }
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

it('has the same headers from the store and from the cache, whatever the cache says of itself', async () => {
  const { match } = edge.ports.cache;
  vi.spyOn(edge.ports.cache, 'match').mockImplementation(async (key) => {
    const object = await match(key);
    if (object?.headers === undefined) return object;
    const headers = new Headers(object.headers);
    headers.set('age', '100');
    headers.set('date', 'Fri, 20 Nov 2026 00:00:00 GMT');
    headers.set('cf-cache-status', 'HIT');
    return { ...object, headers };
  });
  const ask = async () => {
    const response = await edge.request(`${session}v720/0.m4s`);
    await readBytes(response);
    const { 'x-request-id': id, 'server-timing': timing, 'x-mediaflow-cache': outcome, ...rest } = Object.fromEntries(response.headers);
    expect([id, timing]).toEqual([expect.any(String), expect.any(String)]);
    return { outcome, rest };
  };
  const [first, second] = [await ask(), await ask()];
  expect([first.outcome, second.outcome]).toEqual(['miss', 'hit']);
  expect(second.rest).toEqual(first.rest);
});
