import { beforeEach, describe, expect, it } from 'vitest';
import { addFilm, createTestEdge, type Film, fill, readError, readText, type TestEdge } from '../testing/edge.ts';

const MANIFEST = `<?xml version="1.0" encoding="UTF-8"?>
<MPD type="static">
  <Period id="0">
    <AdaptationSet contentType="video">
      <SegmentTemplate media="$RepresentationID$/$Number$.m4s"/>
      <Representation id="v1080"/>
      <Representation id="v720"/>
      <Representation id="v360"/>
    </AdaptationSet>
    <AdaptationSet contentType="audio">
      <Representation id="a0"/>
    </AdaptationSet>
  </Period>
</MPD>
`;

let edge: TestEdge;
let film: Film;
beforeEach(async () => {
  edge = await createTestEdge();
  film = await addFilm(edge);
  edge.origin.objects.set(`${film.prefix}manifest.mpd`, new TextEncoder().encode(MANIFEST));
});

const representations = (text: string): readonly string[] =>
  Array.from(text.matchAll(/<Representation id="([^"]+)"/g), ([, id]) => id ?? '');

describe('the MPD', () => {
  it.each([
    ['the id and a query token', (id: string, token: string) => `/${id}.mpd?token=${token}`],
    ['the long path', (id: string, token: string) => `/${id}/manifest/video.mpd?token=${token}`],
    ['the token in the id’s place', (_: string, token: string) => `/${token}.mpd`],
    ['the token in the id’s place, long path', (_: string, token: string) => `/${token}/manifest/video.mpd`],
  ])('opens by %s', async (_, path) => {
    const response = await edge.request(path(film.playbackId, await film.sign()));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/dash+xml');
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(representations(await readText(response))).toEqual(['v1080', 'v720', 'v360', 'a0']);
  });

  it('is the stored one, its URLs below the viewer’s session', async () => {
    const text = await readText(await edge.request(`/${film.playbackId}.mpd?token=${await film.sign()}`));
    const baseUrl = /\n {2}<BaseURL>(\/s\/[\w-]{106}\/)<\/BaseURL>/.exec(text);
    expect(text.replace(baseUrl?.[0] ?? '', '')).toBe(MANIFEST);
    const segment = await edge.request(`${baseUrl?.[1]}v720/0.m4s`);
    expect(segment.status).toBe(200);
    expect(new Uint8Array(await segment.arrayBuffer())).toEqual(fill(3000, 2));
  });

  it('is cut by the token’s rules, and so is its session', async () => {
    const text = await readText(await edge.request(`/${film.playbackId}.mpd?token=${await film.sign({ max_resolution: '720p' })}`));
    expect(representations(text)).toEqual(['v720', 'v360', 'a0']);
    const baseUrl = /<BaseURL>([^<]+)</.exec(text)?.[1];
    expect((await edge.request(`${baseUrl}v1080/0.m4s`)).status).toBe(403);
    expect((await edge.request(`${baseUrl}a0/0.m4s`)).status).toBe(200);
  });

  it.each([
    ['no token', 'token_missing', async () => ''],
    ['an expired one', 'token_expired', async () => `?token=${await film.sign({ exp: 1 })}`],
    ['one for pictures', 'audience_mismatch', async () => `?token=${await film.sign({ aud: 't' })}`],
  ])('is refused with %s', async (_, reason, query) => {
    const response = await edge.request(`/${film.playbackId}.mpd${await query()}`);
    expect(response.status).toBe(403);
    expect((await readError(response)).reason).toBe(reason);
  });

  it('refuses other methods with 405', async () => {
    expect((await edge.request(`/${film.playbackId}.mpd`, { method: 'POST' })).status).toBe(405);
  });

  it('is 500 when the stored one is not XML of ours', async () => {
    edge.origin.objects.set(`${film.prefix}manifest.mpd`, new TextEncoder().encode('<!DOCTYPE MPD [<!ENTITY a "b">]><MPD>&a;</MPD>'));
    expect((await edge.request(`/${film.playbackId}.mpd?token=${await film.sign()}`)).status).toBe(500);
  });
});

describe('revisions', () => {
  it.each(['m3u8', 'mpd'])('the one that counts is sent, within half a minute of its change: %s', async (extension) => {
    const [stored, revised] = extension === 'mpd' ? ['manifest.mpd', 'manifest.3.mpd'] : ['main.m3u8', 'main.3.m3u8'];
    const text = new TextDecoder().decode(edge.origin.objects.get(film.prefix + stored));
    edge.origin.objects.set(film.prefix + revised, new TextEncoder().encode(text.replaceAll('v1080', 'v1440')));
    const path = `/${film.playbackId}.${extension}?token=${await film.sign()}`;
    expect(await readText(await edge.request(path))).toContain('v1080');
    const known = edge.origin.playbacks.get(film.playbackId);
    if (known === undefined) throw new Error('the film is not known');
    edge.origin.playbacks.set(film.playbackId, { ...known, playlist_revision: 3 });
    edge.advanceMs(30_001);
    expect(await readText(await edge.request(path))).toContain('v1440');
  });

  it.each(['main.m3u8', 'manifest.mpd'])('one that the store has lost is made again: %s', async (name) => {
    const bytes = edge.origin.objects.get(film.prefix + name);
    if (bytes === undefined) throw new Error('the film has no manifest');
    edge.origin.objects.delete(film.prefix + name);
    edge.origin.makes.set(film.prefix + name, bytes);
    const extension = name.split('.')[1];
    const response = await edge.request(`/${film.playbackId}.${extension}?token=${await film.sign()}`);
    expect([response.status, response.headers.get('x-mediaflow-cache')]).toEqual([200, 'made']);
  });
});

it('the state of the encode reaches players', async () => {
  const main = `${film.prefix}main.m3u8`;
  const tag = '#EXT-X-SESSION-DATA:DATA-ID="com.mediaflow.state",VALUE="filling"';
  const text = new TextDecoder().decode(edge.origin.objects.get(main)).replace('#EXT-X-MEDIA', `${tag}\n#EXT-X-MEDIA`);
  edge.origin.objects.set(main, new TextEncoder().encode(text));
  expect(await readText(await edge.request(`/${film.playbackId}.m3u8?token=${await film.sign()}`))).toContain(`\n${tag}\n`);
});
