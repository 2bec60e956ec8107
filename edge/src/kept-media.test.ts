import { revocationName } from '@mediaflow/shared/revocation';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCache } from '#test-runtime';
import { createKeptMedia, type ServeKept } from './kept-media.ts';
import type { MediaCache } from './ports.ts';
import {
  addFilm,
  createTestEdge,
  EDGE_URL,
  type Film,
  fill,
  openPlayback,
  readBytes,
  readError,
  SEGMENT,
  type TestEdge,
} from './testing/edge.ts';
import { createViewerPlaces, type ViewerPlaces } from './viewer-places.ts';

let edge: TestEdge;
let film: Film;
let session: string;
let places: ViewerPlaces;
let serveKept: ServeKept;
beforeEach(async () => {
  edge = await createTestEdge();
  film = await addFilm(edge);
  session = await openPlayback(edge, film);
  places = createViewerPlaces();
  serveKept = createKeptMedia(edge.ports, places);
  await edge.request(`${session}v720/0.m4s`);
});

const ask = (path: string, init?: RequestInit): ReturnType<ServeKept> => serveKept(new Request(EDGE_URL + path, init));

/** All but what is each request's own. */
async function contentsOf(response: Response | undefined) {
  if (response === undefined) return undefined;
  const { status, headers } = response;
  expect(headers.get('x-request-id')).toMatch(/^[\w-]{8,64}$/);
  headers.delete('x-request-id');
  headers.set('server-timing', headers.get('server-timing')?.replace(/dur=\d+$/, 'dur=0') ?? '');
  return { status, headers: Object.fromEntries(headers), bytes: await readBytes(response) };
}

describe('a whole object that is in the cache', () => {
  it.each(['v720/0.m4s', 'v720/init.mp4', 'v720/playlist.m3u8', 'a0/0.m4s'])('is answered as the app answers: %s', async (file) => {
    await edge.request(session + file);
    const kept = await contentsOf(await ask(session + file));
    // A range in no unit that there is, which is nothing but a way to the app.
    expect(await contentsOf(await edge.request(session + file, { headers: { range: 'lines=1-2' } }))).toEqual(kept);
    expect(await contentsOf(await edge.request(session + file))).toEqual(kept);
    expect(kept?.status).toBe(200);
    if (file.endsWith('0.m4s')) expect(kept?.bytes).toEqual(SEGMENT);
  });

  it('is the same with a query, which a player may put its measurements in', async () => {
    const kept = await contentsOf(await ask(`${session}v720/0.m4s`));
    expect(await contentsOf(await ask(`${session}v720/0.m4s?CMCD=bl%3D21300%2Csid%3D%22x%22`))).toEqual(kept);
  });

  it('has the length and the validator of what is there, also when that is another object than before', async () => {
    await ask(`${session}v720/0.m4s`);
    const key = `${film.prefix}v720/0.m4s`;
    for (const [sizeBytes, etag] of [
      [10, '"ten"'],
      [10, '"other ten"'],
      [20, '"twenty"'],
    ] as const) {
      await edge.ports.cache.put(key, { body: fill(sizeBytes, 5), sizeBytes, etag }, 'video/iso.segment');
      const kept = await contentsOf(await ask(`${session}v720/0.m4s`));
      expect([kept?.headers['content-length'], kept?.headers.etag, kept?.bytes]).toEqual([String(sizeBytes), etag, fill(sizeBytes, 5)]);
    }
  });

  it('shares no headers with the answers to others', async () => {
    const ids = ['first-request', 'second-request', 'third-request'];
    const answers = [];
    for (const id of ids) answers.push(await ask(`${session}v720/0.m4s`, { headers: { 'x-request-id': id } }));
    answers[0]?.headers.set('x-of-the-first', 'alone');
    expect(answers.map((answer) => answer?.headers.get('x-request-id'))).toEqual(ids);
    expect((await ask(`${session}v720/0.m4s`))?.headers.has('x-of-the-first')).toBe(false);
    for (const answer of answers) if (answer !== undefined) await readBytes(answer);
  });

  it('keeps a request id that the client gives, and has one where it gives a harmful one', async () => {
    const idOf = async (id: string) =>
      (await ask(`${session}v720/0.m4s`, { headers: { 'x-request-id': id } }))?.headers.get('x-request-id');
    expect(await idOf('given-by-client')).toBe('given-by-client');
    expect(await idOf('no good id')).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('left to the app is', () => {
  it.each<[string, () => string, RequestInit?]>([
    ['another method', () => `${session}v720/0.m4s`, { method: 'HEAD' }],
    ['a preflight', () => `${session}v720/0.m4s`, { method: 'OPTIONS' }],
    ['a part', () => `${session}v720/0.m4s`, { headers: { range: 'bytes=0-9' } }],
    ['a question for something newer', () => `${session}v720/0.m4s`, { headers: { 'if-none-match': '"x"' } }],
    ['a question for what has not changed', () => `${session}v720/0.m4s`, { headers: { 'if-match': '"x"' } }],
    ['a session that is none', () => '/s/forged/v720/0.m4s'],
    ['a session with a letter more', () => `${session.slice(0, -1)}A/v720/0.m4s`],
    ['a rendition that is none', () => `${session}v720x/0.m4s`],
    ['a file that is none', () => `${session}v720/00.m4s`],
    ['what is not below a rendition', () => `${session}main.m3u8`],
    ['a path with an escape', () => `${session}v720/%30.m4s`],
    ['a path with two slashes', () => `${session}v720//0.m4s`],
    ['a path that goes on', () => `${session}v720/0.m4s/0.m4s`],
    ['an endless query', () => `${session}v720/0.m4s?${'x'.repeat(5_000)}`],
    ['media of a customer', () => `${session}x/0.m4s`],
    ['a playback id', () => `/${film.playbackId}.m3u8`],
  ])('%s', (_, pathOf, init) => {
    expect(ask(pathOf(), init)).toBeUndefined();
  });

  it('what the cache does not have, and all while the cache is broken', async () => {
    expect(await ask(`${session}v360/0.m4s`)).toBeUndefined();
    const cache = await createCache();
    let isBroken = false;
    const match: MediaCache['match'] = (key) => (isBroken ? Promise.reject(new Error('the disk is gone')) : cache.match(key));
    const broken = await createTestEdge({ cache: { ...cache, match } });
    const path = `${await openPlayback(broken, await addFilm(broken))}v720/0.m4s`;
    await broken.request(path);
    isBroken = true;
    const response = await broken.request(path);
    expect([response.status, (await readError(response)).type]).toEqual([500, 'internal']);
  });

  it('a session that this isolate has not seen', async () => {
    const unseen = await openPlayback(edge, film);
    expect(ask(`${unseen}v720/0.m4s`)).toBeUndefined();
    await edge.request(`${unseen}v720/0.m4s`);
    expect(await ask(`${unseen}v720/0.m4s`)).toBeDefined();
  });

  it('a session that is over', async () => {
    edge.advanceMs(86_400_000);
    await edge.request('/s/forged/v720/0.m4s');
    expect(ask(`${session}v720/0.m4s`)).toBeUndefined();
  });

  it('a session that is revoked, as soon as it is known, and every one while that has to be asked', async () => {
    edge.origin.revocations.push({ name: revocationName({ type: 'asset', id: film.assetId }) });
    expect(await ask(`${session}v720/0.m4s`)).toBeDefined();
    edge.advanceMs(20_000);
    expect(ask(`${session}v720/0.m4s`)).toBeUndefined();
    expect((await edge.request(`${session}v720/0.m4s`)).status).toBe(403);
    expect(ask(`${session}v720/0.m4s`)).toBeUndefined();
  });

  it('a session with a clip', async () => {
    const known = edge.origin.playbacks.get(film.playbackId);
    if (known === undefined) throw new Error('the film is not known');
    const timeline = { frameRate: { num: 25, den: 1 }, framesPerSegment: 100, frameCount: 750, segmentCount: 8 };
    edge.origin.playbacks.set(film.playbackId, { ...known, timeline });
    edge.advanceMs(600_000);
    const clip = await openPlayback(edge, film, { asset_start_time: 1, asset_end_time: 9 });
    expect((await edge.request(`${clip}v720/0.m4s`)).status).toBe(200);
    expect(ask(`${clip}v720/0.m4s`)).toBeUndefined();
  });

  it('a size that the session is not for', async () => {
    const capped = await openPlayback(edge, film, { max_resolution: '720p' });
    for (const id of ['v1080', 'v720']) await edge.request(`${capped}${id}/0.m4s`);
    expect(ask(`${capped}v1080/0.m4s`)).toBeUndefined();
    expect(await ask(`${capped}v720/0.m4s`)).toBeDefined();
  });
});

it('tells where a viewer is who waits elsewhere', async () => {
  const viewerId = edge.ports.sessions.recall(session.split('/')[2] ?? '')?.viewerId ?? '';
  const hasLeft = places.arrive(viewerId, 'v720', 500);
  await ask(`${session}v720/0.m4s`);
  expect(hasLeft()).toBe(true);
});
