import { describe, expect, it } from 'vitest';
import { PlaylistError } from './lex.ts';
import { mapUris } from './map-uris.ts';
import { parsePlaylist } from './parse.ts';
import { stringifyPlaylist } from './stringify.ts';
import type { UriRole } from './uri-attributes.ts';

const rewrite = (text: string): string => stringifyPlaylist(mapUris(parsePlaylist(text), (uri) => `/s/${uri}`));

function urisOf(text: string): readonly (readonly [string, UriRole])[] {
  const found: [string, UriRole][] = [];
  mapUris(parsePlaylist(text), (uri, role) => {
    found.push([uri, role]);
    return uri;
  });
  return found;
}

const MULTIVARIANT = `#EXTM3U
#EXT-X-CONTENT-STEERING:SERVER-URI="steer.json",PATHWAY-ID="a"
#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI="session.key"
#EXT-X-SESSION-DATA:DATA-ID="x",URI="data.json"
#EXT-X-MEDIA:TYPE=AUDIO , GROUP-ID="aud",NAME="URI='x'", URI="a.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="aud",
# between
v.m3u8
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="i.m3u8"
#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=1,URI="pictures.m3u8"
#EXT-X-SOMETHING-NEW:KEEP=1,URI="new.bin",X-OTHER-URI="other.bin"
`;

const MEDIA = `#EXTM3U
#EXT-X-TARGETDURATION:4
#EXT-X-MAP:URI="init.mp4",BYTERANGE="100@0"
#EXT-X-KEY:METHOD=AES-128,URI="k.key"
#EXT-X-DATERANGE:ID="ad",X-ASSET-URI="ad.m3u8",X-COLOUR="URI"
#EXT-X-DATERANGE:ID="ads",X-ASSET-LIST="ads.json"
#EXT-X-PART:DURATION=1,URI="0.1.m4s"
#EXTINF:4,a title with URI="no.m4s"
0.m4s
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="1.1.m4s"
#EXT-X-RENDITION-REPORT:URI="../a/p.m3u8",LAST-MSN=1
`;

describe('mapUris', () => {
  it.each<[string, string, readonly (readonly [string, UriRole])[]]>([
    [
      'multivariant',
      MULTIVARIANT,
      [
        ['steer.json', 'data'],
        ['session.key', 'key'],
        ['data.json', 'data'],
        ['a.m3u8', 'playlist'],
        ['v.m3u8', 'playlist'],
        ['i.m3u8', 'playlist'],
        ['pictures.m3u8', 'playlist'],
        ['new.bin', 'unknown'],
        ['other.bin', 'unknown'],
      ],
    ],
    [
      'media',
      MEDIA,
      [
        ['init.mp4', 'media'],
        ['k.key', 'key'],
        ['ad.m3u8', 'playlist'],
        ['ads.json', 'data'],
        ['0.1.m4s', 'media'],
        ['0.m4s', 'media'],
        ['1.1.m4s', 'media'],
        ['../a/p.m3u8', 'playlist'],
      ],
    ],
  ])('sees every URI of a %s playlist and leaves the rest byte for byte', (_, text, expected) => {
    expect(urisOf(text)).toEqual(expected);
    expect(stringifyPlaylist(mapUris(parsePlaylist(text), (uri) => uri))).toBe(text);
    const rewritten = rewrite(text);
    expect(rewritten.replaceAll('/s/', '')).toBe(text);
    expect(rewritten.match(/\/s\//g)).toHaveLength(expected.length);
  });

  it('writes nothing that breaks out of its line', () => {
    for (const uri of ['a"b', 'a\nb']) expect(() => mapUris(parsePlaylist(MULTIVARIANT), () => uri)).toThrow(PlaylistError);
  });

  it.each([
    ['a key without quotes', '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-KEY:METHOD=AES-128,URI=https://elsewhere.example/k\n'],
    ['a key after what is no attribute', '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-KEY:METHOD=AES-128;URI="k"\n'],
    ['a new tag that cannot be read', '#EXTM3U\n#EXT-X-NEW:x;URI="k"\n'],
  ])('refuses %s', (_, text) => {
    expect(() => rewrite(text)).toThrow(PlaylistError);
  });

  it.each(['#EXT-X-CUE-OUT:30', '#EXT-X-NEW:a URI in words', '#EXT-X-NEW:KIND="URI"'])('leaves alone what names nothing: %s', (line) => {
    const text = `#EXTM3U\n${line}\n`;
    expect(rewrite(text)).toBe(text);
  });
});

describe('variables', () => {
  const withDefine = (define: string, uri: string): string => `#EXTM3U\n#EXT-X-DEFINE:${define}\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${uri}\n`;

  it('are replaced before anybody judges the URI', () => {
    expect(urisOf(withDefine('NAME="host",VALUE="https://elsewhere.example"', '{$host}/v.m3u8'))).toEqual([
      ['https://elsewhere.example/v.m3u8', 'playlist'],
    ]);
    expect(rewrite(withDefine('NAME="d",VALUE="deep"', '{$d}/{$d}/v.m3u8'))).toContain('\n/s/deep/deep/v.m3u8\n');
  });

  it('stay where no URI changes, and where they are not in a URI', () => {
    const text = withDefine('NAME="d",VALUE="deep"', '{$d}/v.m3u8').replace('BANDWIDTH=1', 'BANDWIDTH=1,NAME="{$other}"');
    expect(stringifyPlaylist(mapUris(parsePlaylist(text), (uri) => uri))).toBe(text);
  });

  it.each([
    ['of the playlist’s own query', 'QUERYPARAM="host"', '{$host}/v.m3u8'],
    ['imported from elsewhere', 'IMPORT="host"', '{$host}/v.m3u8'],
    ['never defined', 'NAME="other",VALUE="x"', '{$host}/v.m3u8'],
    ['that make others', 'NAME="host",VALUE="{$host}"', '{$host}/v.m3u8'],
    ['put together from two halves', 'NAME="half",VALUE="{"', '{$half}$half}/v.m3u8'],
    ['defined twice', 'NAME="a",VALUE="x"\n#EXT-X-DEFINE:NAME="a",VALUE="y"', 'v.m3u8'],
    ['without a name', 'VALUE="x"', 'v.m3u8'],
    ['that make a short line long', `NAME="a",VALUE="${'x'.repeat(30_000)}"`, `${'{$a}'.repeat(100)}.m3u8`],
  ])('are refused when %s', (_, define, uri) => {
    expect(() => rewrite(withDefine(define, uri))).toThrow(PlaylistError);
  });

  it('count from where they are defined', () => {
    const text = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{$a}.m3u8\n#EXT-X-DEFINE:NAME="a",VALUE="x"\n';
    expect(() => rewrite(text)).toThrow(PlaylistError);
  });
});
