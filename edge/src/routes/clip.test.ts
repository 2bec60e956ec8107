import { beforeEach, describe, expect, it } from 'vitest';
import { addFilm, createTestEdge, type Film, fill, openPlayback, readError, readText, type TestEdge } from '../testing/edge.ts';

/** 80 s in segments of 4 s, and two of text. */
const TIMELINE = { frameRate: { num: 25, den: 1 }, framesPerSegment: 100, frameCount: 2000, segmentCount: 20 };
const list = (durations: readonly number[], extension: string): string =>
  `#EXTM3U\n#EXT-X-TARGETDURATION:60\n${durations.map((seconds, number) => `#EXTINF:${seconds},\n${number}.${extension}\n`).join('')}#EXT-X-ENDLIST\n`;
const MANIFEST = `<MPD type="static" mediaPresentationDuration="PT80S"><Period><AdaptationSet contentType="video">
<SegmentTemplate startNumber="0" timescale="1000" media="$RepresentationID$/$Number$.m4s">
<SegmentTimeline><S t="0" d="4000" r="19"/></SegmentTimeline></SegmentTemplate><Representation id="v720"/></AdaptationSet></Period></MPD>`;
const CLIP = { asset_start_time: 65, asset_end_time: '70.5' };

let edge: TestEdge;
let film: Film;

async function addLongFilm(policy: 'public' | 'signed'): Promise<Film> {
  const added = await addFilm(edge, policy);
  const known = edge.origin.playbacks.get(added.playbackId);
  if (known === undefined) throw new Error('the film is not known');
  edge.origin.playbacks.set(added.playbackId, { ...known, timeline: TIMELINE });
  const put = (name: string, text: string) => edge.origin.objects.set(added.prefix + name, new TextEncoder().encode(text));
  put('v720/playlist.m3u8', list(Array(20).fill(4), 'm4s'));
  put('v720/iframes.m3u8', list(Array(20).fill(4), 'm4s'));
  put('t0/playlist.m3u8', list([60, 20], 'vtt'));
  put('manifest.mpd', MANIFEST);
  for (const name of ['v720/15.m4s', 'v720/16.m4s', 'v720/17.m4s', 't0/0.vtt', 't0/1.vtt']) {
    edge.origin.objects.set(added.prefix + name, fill(100, 1));
  }
  return added;
}

beforeEach(async () => {
  edge = await createTestEdge();
  film = await addLongFilm('signed');
});

const segmentsIn = (text: string): readonly string[] => text.match(/^\d+\.\w+$/gm) ?? [];

describe('a clip', () => {
  it.each([
    ['v720/playlist.m3u8', ['16.m4s', '17.m4s'], '#EXT-X-START:TIME-OFFSET=1,PRECISE=YES'],
    ['v720/iframes.m3u8', ['16.m4s', '17.m4s'], undefined],
    ['t0/playlist.m3u8', ['1.vtt'], undefined],
  ])('is what %s is cut to', async (path, segments, start) => {
    const session = await openPlayback(edge, film, CLIP);
    for (const outcome of ['miss', 'hit']) {
      const response = await edge.request(session + path);
      expect([response.status, response.headers.get('x-mediaflow-cache')]).toEqual([200, outcome]);
      expect(response.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
      expect(response.headers.get('cache-control')).toBe('private, max-age=60');
      const text = await readText(response);
      expect(segmentsIn(text)).toEqual(segments);
      expect(/#EXT-X-START.*/.exec(text)?.[0]).toBe(start);
      expect(text).toMatch(/#EXT-X-ENDLIST\n$/);
    }
  });

  it('counts the times of its text from its first picture, which is what players show at 0', async () => {
    const cue = (start: string, end: string): string => `\n${start} --> ${end}\nA line\n`;
    const text = `WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n${cue('00:01:01.000', '00:01:03.500')}${cue('00:01:05.000', '00:01:06.000')}${cue('00:01:10.000', '00:01:20.000')}`;
    edge.origin.objects.set(`${film.prefix}t0/1.vtt`, new TextEncoder().encode(text));
    const [clip, whole] = [await openPlayback(edge, film, CLIP), await openPlayback(edge, film)];
    const head = await edge.request(`${clip}t0/1.vtt`, { method: 'HEAD' });
    for (const outcome of ['miss', 'hit']) {
      const response = await edge.request(`${clip}t0/1.vtt`);
      expect([response.status, response.headers.get('x-mediaflow-cache')]).toEqual([200, outcome]);
      for (const name of ['content-type', 'cache-control']) expect(head.headers.get(name)).toBe(response.headers.get(name));
      expect(response.headers.get('content-type')).toBe('text/vtt');
      expect(await readText(response)).toBe(
        `WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:5760000\n${cue('00:00:01.000', '00:00:02.000')}${cue('00:00:06.000', '00:00:06.500')}`,
      );
    }
    const response = await edge.request(`${whole}t0/1.vtt`);
    expect(response.headers.get('x-mediaflow-cache')).toBe('hit');
    expect(await readText(response)).toBe(text);
  });

  it('shares what is cached with who sees the whole film', async () => {
    await edge.request(`${await openPlayback(edge, film, CLIP)}v720/playlist.m3u8`);
    const response = await edge.request(`${await openPlayback(edge, film)}v720/playlist.m3u8`);
    expect(response.headers.get('x-mediaflow-cache')).toBe('hit');
    expect(segmentsIn(await readText(response))).toHaveLength(20);
  });

  it.each([
    ['v720/16.m4s', 200],
    ['v720/17.m4s', 200],
    ['v720/15.m4s', 403],
    ['v720/18.m4s', 403],
    ['t0/1.vtt', 200],
    ['t0/0.vtt', 403],
    ['v720/init.mp4', 200],
  ])('is all that its session may fetch: %s is %i', async (path, status) => {
    expect((await edge.request((await openPlayback(edge, film, CLIP)) + path)).status).toBe(status);
  });

  it('shuts what is outside of it whether it is cached, stored, to be made or nowhere', async () => {
    const [whole, clip] = [await openPlayback(edge, film), await openPlayback(edge, film, CLIP)];
    edge.origin.makes.set(`${film.prefix}v720/14.m4s`, fill(100, 1));
    for (const path of ['v720/15.m4s', 'a0/0.m4s']) expect((await edge.request(whole + path)).status).toBe(200);
    edge.origin.calls.length = 0;
    const answers = new Set<string>();
    for (const path of ['v720/15.m4s', 'a0/0.m4s', 't0/0.vtt', 'v720/14.m4s', 'v720/99.m4s', 'v240/0.m4s']) {
      const [got, head] = [await edge.request(clip + path), await edge.request(clip + path, { method: 'HEAD' })];
      answers.add(`${got.status} ${head.status} ${await got.text()}`);
    }
    expect([...answers]).toEqual([expect.stringMatching(/^403 403 .*session_refused/)]);
    expect(edge.origin.calls).toEqual([]);
  });

  it('ends exactly in an MPD', async () => {
    const token = await film.sign({ ...CLIP });
    const text = await readText(await edge.request(`/${film.playbackId}.mpd?token=${token}`));
    expect(text).toContain('mediaPresentationDuration="PT6.5S"');
    expect(text).toContain('startNumber="16"');
    expect(text).toContain('presentationTimeOffset="64000"');
    expect(text).toContain('<S t="64000" d="4000" r="1"/>');
    const session = /<BaseURL>([^<]+)</.exec(text)?.[1];
    expect((await edge.request(`${session}v720/18.m4s`)).status).toBe(403);
  });

  it('tells our own player where it ends, which HLS does not', async () => {
    const textOf = async (claims: Record<string, unknown>): Promise<string> =>
      readText(await edge.request(`/${film.playbackId}.m3u8?token=${await film.sign(claims)}`));
    expect(await textOf({ ...CLIP })).toContain('\n#EXT-X-SESSION-DATA:DATA-ID="com.mediaflow.clip-end",VALUE="6.5"\n');
    expect(await textOf({})).not.toContain('clip-end');
  });

  it('may be asked for by anybody of a public film', async () => {
    const open = await addLongFilm('public');
    const text = await readText(await edge.request(`/${open.playbackId}.m3u8?asset_start_time=65&asset_end_time=70.5`));
    const session = /\/s\/[\w-]+\//.exec(text)?.[0];
    expect(segmentsIn(await readText(await edge.request(`${session}v720/playlist.m3u8`)))).toEqual(['16.m4s', '17.m4s']);
  });

  it.each([
    [{ asset_start_time: 80 }, 'the video ends at 80 seconds'],
    [{ asset_start_time: 20, asset_end_time: 10 }, 'must be after asset_start_time'],
    [{ asset_start_time: 'soon' }, 'must be seconds'],
  ])('without any film in it is refused: %j', async (claims, message) => {
    const response = await edge.request(`/${film.playbackId}.m3u8?token=${await film.sign(claims)}`);
    const { type, messages } = await readError(response);
    expect([response.status, type]).toEqual([400, 'invalid_parameters']);
    expect(messages[0]).toContain(message);
  });

  it('is made like any playlist that the store has lost', async () => {
    const key = `${film.prefix}v720/playlist.m3u8`;
    const bytes = edge.origin.objects.get(key);
    if (bytes === undefined) throw new Error('the film has no playlist');
    edge.origin.objects.delete(key);
    const session = await openPlayback(edge, film, CLIP);
    expect((await edge.request(`${session}v360/iframes.m3u8`)).status).toBe(404);
    edge.origin.makes.set(key, bytes);
    const response = await edge.request(`${session}v720/playlist.m3u8`);
    expect([response.status, response.headers.get('x-mediaflow-cache')]).toEqual([200, 'made']);
  });
});
