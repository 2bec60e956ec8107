import { describe, expect, it } from 'vitest';
import { PlaylistError } from '../hls/lex.ts';
import { PlaylistRefusal } from './playlist-refusal.ts';
import { readPlaylist, rewritePlaylist, toRelative } from './read-playlist.ts';

const PLACE = { prefix: 'external/acme/film/', path: 'main.m3u8' };
const MEDIA_PLACE = { ...PLACE, path: '720/index.m3u8' };

const MULTIVARIANT = `#EXTM3U
#EXT-X-SESSION-KEY:METHOD=AES-128,URI="data:text/plain;base64,AAAA"
#EXT-X-SESSION-DATA:DATA-ID="com.example.title",URI="title.json"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x",URI="/external/acme/film/audio/index.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=1280x720,AUDIO="a"
720/index.m3u8?v=2
#EXT-X-STREAM-INF:BANDWIDTH=2,RESOLUTION=1280x720,AUDIO="b"
./720/index.m3u8
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="720/iframes.m3u8"
`;

const MEDIA = `#EXTM3U
## made by https://packager.example/
#EXT-X-TARGETDURATION:4
#EXT-X-VENDOR: anything goes here, http://vendor.example/
#EXT-X-KEY:METHOD=AES-128,URI="../key.bin"
#EXT-X-MAP:URI="../film.mp4", BYTERANGE="800@0"
#EXTINF:4.5,a title
#EXT-X-BYTERANGE:1000@800
../film.mp4
#EXTINF:2,
#EXT-X-BYTERANGE:500
../film.mp4
#EXT-X-ENDLIST
`;

describe('readPlaylist', () => {
  it('lists what a multivariant playlist names, each once', () => {
    expect(readPlaylist(MULTIVARIANT, PLACE)).toMatchObject({
      kind: 'multivariant',
      playlists: ['audio/index.m3u8', '720/index.m3u8', '720/iframes.m3u8'],
      files: ['title.json'],
    });
  });

  it('lists what a media playlist names, with its length', () => {
    expect(readPlaylist(MEDIA, MEDIA_PLACE)).toMatchObject({
      kind: 'media',
      files: ['key.bin', 'film.mp4'],
      durationSeconds: 6.5,
      isEnded: true,
    });
    expect(readPlaylist(MEDIA.replace('#EXT-X-ENDLIST\n', ''), MEDIA_PLACE)).toMatchObject({ isEnded: false });
  });

  const segment = (line: string): string => `#EXTM3U\n#EXT-X-TARGETDURATION:4\n${line}\n#EXTINF:4,\n0.ts\n#EXT-X-ENDLIST\n`;
  it.each([
    ['a segment elsewhere', segment('#EXTINF:4,\nhttp://evil.test/0.ts'), 'scheme'],
    ['a key elsewhere', segment('#EXT-X-KEY:METHOD=AES-128,URI="https://evil.test/k"'), 'scheme'],
    ['a second URI in one tag', segment('#EXT-X-MAP:URI="a.mp4",URI="//evil.test/a.mp4"'), 'other_host'],
    ['an init segment in the playlist itself', segment('#EXT-X-MAP:URI="data:video/mp4,"'), 'scheme'],
    ['a part', segment('#EXT-X-PART:DURATION=1,URI="../../../p.ts"'), 'outside'],
    ['a URI of a tag that is not known', segment('#EXT-X-FUTURE:ID="1",LICENSE-URI="https://evil.test/"'), 'scheme'],
    ['an interstitial', segment('#EXT-X-DATERANGE:ID="ad",X-ASSET-URI="ad.m3u8"'), 'unsupported'],
    ['a list of interstitials', segment('#EXT-X-DATERANGE:ID="ad",X-ASSET-LIST="ad.json"'), 'unsupported'],
    ['content steering', `${MULTIVARIANT}#EXT-X-CONTENT-STEERING:SERVER-URI="steer.json"\n`, 'unsupported'],
    ['a defined host', segment('#EXT-X-DEFINE:NAME="h",VALUE="http://evil.test"\n#EXTINF:4,\n{$h}/0.ts'), 'unsupported'],
    ['a line that ends only for some players', segment('# comment\rhttp://evil.test/0.ts'), undefined],
    ['a line separator', segment('# comment\u2028http://evil.test/0.ts'), undefined],
    ['a next line', segment('# comment\u0085http://evil.test/0.ts'), undefined],
    ['a NUL', segment('# \0'), undefined],
    ['a URI without quotes', segment('#EXT-X-MAP:URI=http://evil.test/'), undefined],
    ['an indented tag', segment(' #EXT-X-MAP:URI="http://evil.test/"'), undefined],
    ['an attribute list that cannot be read', segment('#EXT-X-MAP:URI="a.mp4" URI="http://evil.test/"'), undefined],
    ['a lower-case attribute', segment('#EXT-X-KEY:METHOD=AES-128,uri="http://evil.test/"'), undefined],
    ['no playlist', '<html>', undefined],
    ['a variant without a URI', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n', undefined],
    [
      'too many playlists',
      `#EXTM3U\n${Array.from({ length: 300 }, (_, index) => `#EXT-X-STREAM-INF:BANDWIDTH=1\n${index}.m3u8\n`).join('')}`,
      'too_many',
    ],
  ])('refuses %s', (_, text, reason) => {
    const read = (): unknown => readPlaylist(text, MEDIA_PLACE);
    expect(read).toThrow(reason === undefined ? PlaylistError : PlaylistRefusal);
    if (reason !== undefined) expect(read).toThrow(expect.objectContaining({ reason }));
  });
});

describe('rewritePlaylist', () => {
  const relativeText = (text: string): string => rewritePlaylist(text, MEDIA_PLACE, toRelative(MEDIA_PLACE));

  it('leaves the text alone where every URI is relative', () => {
    expect(relativeText(MEDIA)).toBe(MEDIA);
    const windows = MEDIA.replaceAll('\n', '\r\n');
    expect(relativeText(windows)).toBe(windows);
  });

  it('makes absolute paths relative and leaves the rest of the playlist as it is', () => {
    expect(relativeText(MEDIA.replaceAll('../', '/external/acme/film/'))).toBe(MEDIA);
  });
});
