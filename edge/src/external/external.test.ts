import { newAccountId } from '@mediaflow/shared/ids';
import { describe, expect, it } from 'vitest';
import type { ObjectReader } from '../ports.ts';
import { createOriginPullReader } from '../readers/origin-pull.ts';
import { addFilm, createTestEdge, type Film, fill, readError, readText, type TestEdge } from '../testing/edge.ts';

const MULTIVARIANT = `#EXTM3U
#EXT-X-SESSION-DATA:DATA-ID="com.example.title",URI="title.json"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",URI="audio/index.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=640x360,CODECS="avc1.4d401e,mp4a.40.2",AUDIO="a"
360/index.m3u8?v=7
#EXT-X-STREAM-INF:BANDWIDTH=5000000,RESOLUTION=1920x1080,CODECS="avc1.640028,mp4a.40.2",AUDIO="a"
/PREFIX1080/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS="mp4a.40.2"
audio/index.m3u8
`;
const MEDIA = `#EXTM3U
## made by somebody's packager, https://packager.example/
#EXT-X-TARGETDURATION:4
#EXT-X-KEY:METHOD=AES-128,URI="../key.bin"
#EXTINF:4.0000,
0.ts
#EXTINF:2.5,
1.ts
#EXT-X-ENDLIST
`;

type External = Film & {
  readonly put: (path: string, content: string | Uint8Array<ArrayBuffer>) => void;
};

/** A customer's film below a prefix of its own. */
async function addExternal(edge: TestEdge, policy: 'public' | 'signed' = 'signed'): Promise<External> {
  const film = await addFilm(edge, policy);
  const prefix = `external/${newAccountId()}/film/`;
  const playback = edge.origin.playbacks.get(film.playbackId);
  if (playback === undefined) throw new Error('the film has no playback id');
  edge.origin.playbacks.set(film.playbackId, { ...playback, external: { prefix, manifest: 'main.m3u8' } });
  const put: External['put'] = (path, content) =>
    edge.origin.objects.set(prefix + path, typeof content === 'string' ? new TextEncoder().encode(content) : content);
  put('main.m3u8', MULTIVARIANT.replace('PREFIX', prefix));
  put('title.json', '{}');
  put('key.bin', fill(16, 4));
  for (const folder of ['360', '1080', 'audio']) {
    put(`${folder}/index.m3u8`, MEDIA);
    put(`${folder}/0.ts`, fill(3000, 2));
    put(`${folder}/1.ts`, fill(2000, 3));
    put(`${folder}/secret.ts`, fill(10, 1));
  }
  return { ...film, prefix, put };
}

async function play(
  edge: TestEdge,
  film: Film,
  changes: object = {},
): Promise<{ readonly text: string; readonly uris: readonly string[]; readonly base: string }> {
  const response = await edge.request(`/${film.playbackId}.m3u8?token=${await film.sign({ ...changes })}`);
  const text = await readText(response);
  if (response.status !== 200) throw new Error(`${response.status} ${text}`);
  return { text, uris: text.match(/\/s\/[^"\n]+/g) ?? [], base: /\/s\/[\w-]+\/x\//.exec(text)?.[0] ?? '' };
}

/** As a refresh does, and the time until the edge has heard of it. */
function takeVersion(edge: TestEdge, film: Film, version: number): void {
  const playback = edge.origin.playbacks.get(film.playbackId);
  if (playback !== undefined) edge.origin.playbacks.set(film.playbackId, { ...playback, version });
  edge.advanceMs(31_000);
}

const status = async (edge: TestEdge, path: string): Promise<number> => (await edge.request(path)).status;

describe('a customer’s multivariant playlist', () => {
  it('plays below a session, every URI in it and no other byte changed', async () => {
    const edge = await createTestEdge();
    const film = await addExternal(edge);
    const { text, base } = await play(edge, film);
    const expected = MULTIVARIANT.replace('title.json', `${base}m/title.json`)
      .replaceAll('audio/index', `${base}0/audio/index`)
      .replace('360/index.m3u8?v=7', `${base}1/360/index.m3u8`)
      .replace('/PREFIX1080', `${base}2/1080`);
    expect(text).toBe(expected);
    for (const path of ['0/audio/index.m3u8', '1/360/index.m3u8', '2/1080/index.m3u8']) {
      const response = await edge.request(base + path);
      expect(response.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
      expect(await readText(response)).toBe(MEDIA);
    }
    expect(await status(edge, `${base}m/title.json`)).toBe(200);
    const segment = await edge.request(`${base}1/360/0.ts`, { headers: { range: 'bytes=10-19' } });
    expect([segment.status, segment.headers.get('content-range'), segment.headers.get('content-type')]).toEqual([
      206,
      'bytes 10-19/3000',
      'video/mp2t',
    ]);
    expect(new Uint8Array(await segment.arrayBuffer())).toEqual(fill(3000, 2).slice(10, 20));
    expect(await status(edge, `${base}1/key.bin`)).toBe(200);
  });

  it('is refused without a token, and private by its cache headers', async () => {
    const edge = await createTestEdge();
    const film = await addExternal(edge);
    expect(await status(edge, `/${film.playbackId}.m3u8`)).toBe(403);
    expect(await status(edge, `/${film.playbackId}.mpd?token=${await film.sign()}`)).toBe(404);
    const response = await edge.request(`/${film.playbackId}.m3u8?token=${await film.sign()}`);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
  });

  it('opens what its playlists name and nothing else', async () => {
    const edge = await createTestEdge();
    const [film, other] = [await addExternal(edge), await addExternal(edge)];
    const [{ base }, { base: otherBase }] = [await play(edge, film), await play(edge, other)];
    for (const path of [
      '1/360/secret.ts',
      '1/1080/0.ts',
      '1/1080/index.m3u8',
      '1/main.m3u8',
      'm/main.m3u8',
      'm/360/0.ts',
      '9/360/0.ts',
      '01/360/0.ts',
      '-1/360/0.ts',
      'x/360/0.ts',
      '1/360/2.ts',
      '1/360/0.ts/',
      '1/360',
    ]) {
      expect([path, await status(edge, base + path)]).toEqual([path, 404]);
    }
    expect(await status(edge, `${base}1/360//0.ts`)).toBe(400);
    expect(await status(edge, `${base}1/360/%2e%2e/1080/0.ts`)).toBe(404);
    const forged = base.replace(/^\/s\/./, (start) => (start.endsWith('A') ? '/s/B' : '/s/A'));
    expect(await status(edge, `${forged}1/360/0.ts`)).toBe(403);
    edge.advanceMs(24 * 3600 * 1000);
    expect(await status(edge, `${otherBase}1/360/0.ts`)).toBe(403);
  });

  it('holds a resolution cap for playlists, segments and keys', async () => {
    const edge = await createTestEdge();
    const film = await addExternal(edge);
    await play(edge, film);
    const { text, base } = await play(edge, film, { max_resolution: '720p' });
    expect(text).not.toContain('1080');
    expect(text).toContain('audio/index.m3u8');
    for (const path of ['2/1080/index.m3u8', '2/1080/0.ts', '2/key.bin'])
      expect([path, await status(edge, base + path)]).toEqual([path, 403]);
    for (const path of ['1/360/0.ts', '1/key.bin', '0/audio/1.ts']) expect([path, await status(edge, base + path)]).toEqual([path, 200]);
  });

  it('refuses a cap that it cannot hold, and a clip', async () => {
    const edge = await createTestEdge();
    const film = await addExternal(edge);
    const ask = async (claims: object): Promise<string> => {
      const response = await edge.request(`/${film.playbackId}.m3u8?token=${await film.sign({ ...claims })}`);
      return `${response.status} ${response.status === 200 ? '' : (await readError(response)).reason}`;
    };
    film.put('main.m3u8', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n360/index.m3u8\n');
    expect(await ask({ max_resolution: '720p' })).toBe('403 restriction_not_enforced');
    expect(await ask({ asset_start_time: 2 })).toBe('403 restriction_not_enforced');
    expect(await ask({})).toBe('200 ');
  });

  it('is not emptied by trick play that is smaller than the film, whose pictures a cap leaves', async () => {
    const edge = await createTestEdge();
    const film = await addExternal(edge);
    const trick = ['EXT-X-I-FRAME-STREAM-INF', 'EXT-X-IMAGE-STREAM-INF'].map(
      (tag) => `#${tag}:BANDWIDTH=1,RESOLUTION=160x90,URI="trick/${tag}.m3u8"\n`,
    );
    film.put('main.m3u8', MULTIVARIANT.replace('PREFIX', film.prefix) + trick.join(''));
    film.put('trick/EXT-X-I-FRAME-STREAM-INF.m3u8', MEDIA);
    film.put('trick/EXT-X-IMAGE-STREAM-INF.m3u8', MEDIA);
    const { uris } = await play(edge, film, { max_resolution: '270p' });
    expect(uris.map((uri) => uri.split('/').slice(5).join('/'))).toEqual([
      'title.json',
      'audio/index.m3u8',
      '360/index.m3u8',
      'audio/index.m3u8',
      'trick/EXT-X-I-FRAME-STREAM-INF.m3u8',
      'trick/EXT-X-IMAGE-STREAM-INF.m3u8',
    ]);
    for (const uri of uris) expect([uri, await status(edge, uri)]).toEqual([uri, 200]);
    const low = await play(edge, film, { min_resolution: '1080p' });
    expect(low.text).not.toMatch(/IMAGE|I-FRAME/);
  });

  it('is read from the store once for all viewers, and anew after a refresh', async () => {
    const edge = await createTestEdge();
    const film = await addExternal(edge);
    const bases = await Promise.all([1, 2, 3].map(async () => (await play(edge, film)).base));
    await Promise.all(bases.map((base, index) => edge.request(`${base}1/360/0.ts?x=${index}`)));
    const reads = (): number => edge.origin.calls.filter((call) => call.endsWith(`${film.prefix}360/0.ts`)).length;
    expect(reads()).toBe(1);
    expect(edge.origin.calls.filter((call) => call.endsWith(`${film.prefix}main.m3u8`))).toHaveLength(1);

    takeVersion(edge, film, 2);
    film.put('360/0.ts', fill(3000, 9));
    const { base } = await play(edge, film);
    const renewed = await edge.request(`${base}1/360/0.ts`);
    expect(new Uint8Array(await renewed.arrayBuffer())).toEqual(fill(3000, 9));
    expect(reads()).toBe(2);
  });

  it('is gone within half a minute after the asset', async () => {
    const edge = await createTestEdge();
    const film = await addExternal(edge);
    const { base } = await play(edge, film);
    expect(await status(edge, `${base}1/360/0.ts`)).toBe(200);
    edge.origin.playbacks.delete(film.playbackId);
    edge.advanceMs(31_000);
    expect(await status(edge, `${base}1/360/0.ts`)).toBe(404);
  });
});

describe('a customer’s only media playlist', () => {
  it('plays below a session of its own', async () => {
    const edge = await createTestEdge();
    const film = await addExternal(edge, 'public');
    film.put('main.m3u8', MEDIA.replace('../', '').replace(/^(\d.ts)/gm, '360/$1'));
    const { text, base } = await play(edge, film);
    expect(text).toBe(MEDIA.replace('../', `${base}0/`).replace(/^(\d.ts)/gm, `${base}0/360/$1`));
    expect(await status(edge, `${base}0/360/1.ts`)).toBe(200);
    expect(await status(edge, `${base}0/1080/1.ts`)).toBe(404);
    expect(await status(edge, `/${film.playbackId}.m3u8?max_resolution=720p`)).toBe(403);
  });
});

describe('a customer’s MPD', () => {
  const MPD = `<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT8S">
  <ProgramInformation/>
  <Period>
    <AdaptationSet contentType="video">
      <SegmentTemplate initialization="$RepresentationID$/init.mp4" media="$RepresentationID$/$Number$.m4s"/>
      <Representation id="v0" bandwidth="900000" width="640" height="360"/>
      <Representation id="v1" bandwidth="5000000" width="1920" height="1080"/>
    </AdaptationSet>
    <AdaptationSet contentType="audio">
      <Representation id="a0" bandwidth="64000"><BaseURL>../sound.m4a</BaseURL></Representation>
    </AdaptationSet>
  </Period>
</MPD>
`;

  async function addDash(edge: TestEdge): Promise<External> {
    const film = await addExternal(edge);
    const playback = edge.origin.playbacks.get(film.playbackId);
    const external = { prefix: film.prefix, manifest: 'dash/main.mpd' };
    if (playback !== undefined) edge.origin.playbacks.set(film.playbackId, { ...playback, external });
    film.put('dash/main.mpd', MPD);
    for (const path of ['dash/v0/init.mp4', 'dash/v0/1.m4s', 'dash/v1/1.m4s', 'sound.m4a', 'dash/v0/other.mp4'])
      film.put(path, fill(100, 1));
    return film;
  }

  const open = async (edge: TestEdge, film: Film, claims: object = {}): Promise<string> =>
    readText(await edge.request(`/${film.playbackId}.mpd?token=${await film.sign({ ...claims })}`));

  it('plays below a session, which opens what it names and holds a cap', async () => {
    const edge = await createTestEdge();
    const film = await addDash(edge);
    const text = await open(edge, film);
    const base = /<BaseURL>(\/s\/[\w-]+\/x\/d\/)dash\/main.mpd<\/BaseURL>/.exec(text)?.[1] ?? '';
    expect(text.indexOf('<ProgramInformation/>')).toBeLessThan(text.indexOf('<BaseURL>/s/'));
    for (const path of ['dash/v0/init.mp4', 'dash/v0/1.m4s', 'dash/v1/1.m4s', 'sound.m4a']) {
      expect([path, await status(edge, base + path)]).toEqual([path, 200]);
    }
    for (const path of ['dash/v0/other.mp4', 'dash/v0/2.m4s', 'dash/v2/1.m4s', 'dash/main.mpd', 'main.m3u8', '360/0.ts']) {
      expect([path, await status(edge, base + path)]).toEqual([path, 404]);
    }
    expect(await status(edge, `/${film.playbackId}.m3u8?token=${await film.sign()}`)).toBe(404);

    const capped = await open(edge, film, { max_resolution: '720p' });
    const cappedBase = base.replace(/^\/s\/[\w-]+/, /\/s\/[\w-]+/.exec(capped)?.[0] ?? '');
    expect(capped).not.toContain('id="v1"');
    expect(await status(edge, `${cappedBase}dash/v0/1.m4s`)).toBe(200);
    expect(await status(edge, `${cappedBase}dash/v1/1.m4s`)).toBe(403);
    expect(await status(edge, `${cappedBase}sound.m4a`)).toBe(200);
  });

  it('is refused when it leads elsewhere, and a cap that cannot be held too', async () => {
    const edge = await createTestEdge();
    const film = await addDash(edge);
    film.put('dash/main.mpd', MPD.replace('../sound', 'http://evil.test/sound'));
    const hostile = await edge.request(`/${film.playbackId}.mpd?token=${await film.sign()}`);
    expect([hostile.status, (await readError(hostile)).type]).toEqual([502, 'playlist_refused']);
    takeVersion(edge, film, 2);
    film.put('dash/main.mpd', MPD.replaceAll(/ width="\d+" height="\d+"/g, ''));
    const blind = await edge.request(`/${film.playbackId}.mpd?token=${await film.sign({ max_resolution: '720p' })}`);
    expect([blind.status, (await readError(blind)).reason]).toEqual([403, 'restriction_not_enforced']);
  });
});

describe('a film in one large file', () => {
  const SIZE_BYTES = 3_000_000_000;
  const BYTE_RANGES = `#EXTM3U
#EXT-X-TARGETDURATION:4
#EXT-X-MAP:URI="film.mp4",BYTERANGE="800@0"
#EXTINF:4,
#EXT-X-BYTERANGE:1000@2000000000
film.mp4
#EXT-X-ENDLIST
`;

  it('is read in the parts that are asked for and never kept', async () => {
    const reads: string[] = [];
    let playlists: ObjectReader | undefined;
    const objects: ObjectReader = {
      name: 'large',
      head: async (key) => (key.endsWith('.mp4') ? { sizeBytes: SIZE_BYTES, etag: '"film"' } : playlists?.head(key)),
      get: async (key, range) => {
        if (!key.endsWith('.mp4')) return playlists?.get(key);
        reads.push(range === undefined ? 'whole' : `${range.first}-${range.last}`);
        const { first, last } = range ?? { first: 0, last: 9 };
        return { sizeBytes: SIZE_BYTES, etag: '"film"', body: fill(last - first + 1, first % 251) };
      },
    };
    const edge = await createTestEdge({ objects });
    playlists = createOriginPullReader(edge.ports.origin);
    const film = await addExternal(edge, 'public');
    film.put('main.m3u8', BYTE_RANGES);
    const { base } = await play(edge, film);
    const read = async (range: string): Promise<Response> => edge.request(`${base}0/film.mp4`, { headers: { range } });
    for (const _ of [1, 2]) {
      const part = await read('bytes=2000000000-2000000999');
      expect([part.status, part.headers.get('content-range'), part.headers.get('x-mediaflow-cache')]).toEqual([
        206,
        'bytes 2000000000-2000000999/3000000000',
        'miss',
      ]);
      expect(new Uint8Array(await part.arrayBuffer())).toEqual(fill(1000, 2_000_000_000 % 251));
    }
    expect((await read('bytes=-5')).headers.get('content-range')).toBe('bytes 2999999995-2999999999/3000000000');
    expect((await read('bytes=3000000000-')).status).toBe(416);
    expect(reads).toEqual(['2000000000-2000000999', '2000000000-2000000999', '2999999995-2999999999']);
  });
});

describe('a hostile playlist', () => {
  it.each([
    'http://evil.test/0.ts',
    '//evil.test/0.ts',
    '../../../other/0.ts',
    '%2e%2e/0.ts',
    '\\\\evil.test\\0.ts',
    '/media/x/1/v1/0.m4s',
    '{$h}',
  ])('never gets a session: %s', async (uri) => {
    const faults: Readonly<Record<string, unknown>>[] = [];
    const edge = await createTestEdge({ log: { error: (_, fields) => faults.push(fields) } });
    const film = await addExternal(edge);
    const { base } = await play(edge, film);
    film.put('1080/index.m3u8', MEDIA.replace('0.ts', uri));
    const nested = await edge.request(`${base}2/1080/index.m3u8`);
    expect([nested.status, (await readError(nested)).type]).toEqual([502, 'playlist_refused']);
    expect(await status(edge, `${base}2/1080/1.ts`)).toBe(502);
    film.put('main.m3u8', MULTIVARIANT.replace('360/index.m3u8', uri));
    takeVersion(edge, film, 2);
    const main = await edge.request(`/${film.playbackId}.m3u8?token=${await film.sign()}`);
    expect([main.status, await readText(main)]).toEqual([502, expect.not.stringContaining('/s/')]);
    expect(JSON.stringify(faults)).toMatch(/which is no plain path below the prefix|needs the variable/);
  });
});
