import fc from 'fast-check';
import { types as independent, parse as parseIndependently } from 'hls-parser';
import { describe, expect, it } from 'vitest';
import { getAttribute, parseAttributes, quote, setAttribute, stringifyAttributes } from './attributes.ts';
import { lexPlaylist, PlaylistError, stringifyLines } from './lex.ts';
import { mapUris } from './map-uris.ts';
import { parseMediaPlaylist, parseMultivariantPlaylist, parsePlaylist } from './parse.ts';
import { stringifyPlaylist } from './stringify.ts';

const MULTIVARIANT = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
## a comment of somebody
#EXT-X-FUTURE-TAG:KEEP="me, please",AND=0x1F
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aud",NAME="English, UK",DEFAULT=YES,URI="a0/playlist.m3u8"

#EXT-X-STREAM-INF:BANDWIDTH=6400000,CODECS="avc1.640028,mp4a.40.2",RESOLUTION=1920x1080,AUDIO="aud"
v1080/playlist.m3u8
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=100000,URI="v1080/iframes.m3u8"
`;

const MEDIA = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:4
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MAP:URI="init.mp4"
#EXTINF:4.004,
0.m4s
#EXT-X-DISCONTINUITY
#EXTINF:2.016667,the end
1.m4s
#EXT-X-ENDLIST
`;

describe('round trips', () => {
  it.each([
    ['multivariant', MULTIVARIANT],
    ['media', MEDIA],
  ])('%s playlists are written back byte for byte, unknown tags included', (kind, text) => {
    const playlist = parsePlaylist(text);
    expect(playlist.kind).toBe(kind);
    expect(stringifyPlaylist(playlist)).toBe(text);
    expect(stringifyLines(lexPlaylist(text))).toBe(text);
  });

  it('reads what stands where', () => {
    const [first, second] = parseMediaPlaylist(MEDIA).segments;
    expect(first).toMatchObject({ uri: '0.m4s', durationSeconds: 4.004, lines: [{ name: 'EXT-X-MAP' }, { name: 'EXTINF' }] });
    expect(second).toMatchObject({ lines: [{ name: 'EXT-X-DISCONTINUITY' }, { value: '2.016667,the end' }] });
    const media = parseMultivariantPlaylist(MULTIVARIANT).entries.find((entry) => entry.kind === 'media');
    expect(media?.kind === 'media' && getAttribute(media.attributes, 'NAME')).toBe('English, UK');
  });

  it('agrees with an independent parser', () => {
    const multivariant = parseIndependently(MULTIVARIANT);
    expect(multivariant).toBeInstanceOf(independent.MasterPlaylist);
    const media = parseIndependently(stringifyPlaylist(parseMediaPlaylist(MEDIA)));
    expect(media instanceof independent.MediaPlaylist && media.segments.map(({ uri, duration }) => [uri, duration])).toEqual([
      ['0.m4s', 4.004],
      ['1.m4s', 2.016667],
    ]);
  });
});

describe('refusals', () => {
  it.each([
    ['nothing', ''],
    ['a web page', '<html>'],
    ['a tag that only begins like the first', '#EXTM3U8\n'],
    ['a variant without URI', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n#EXT-X-VERSION:7\n'],
    ['a variant at the end', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n'],
    ['a URI without variant', '#EXTM3U\nx.m3u8\n'],
    ['a segment without duration', '#EXTM3U\n#EXT-X-TARGETDURATION:4\nx.m4s\n'],
    ['a duration that is none', '#EXTM3U\n#EXTINF:NaN,\nx.m4s\n'],
    ['a duration without segment', '#EXTM3U\n#EXTINF:4,\n'],
    ['a segment with two durations', '#EXTM3U\n#EXTINF:4,\n#EXTINF:4,\nx.m4s\n'],
    ['both kinds at once', '#EXTM3U\n#EXTINF:4,\nx.m4s\n#EXT-X-STREAM-INF:BANDWIDTH=1\nx.m3u8\n'],
    ['a tag without its attributes', '#EXTM3U\n#EXT-X-MEDIA\n'],
    ['a tag behind white space', '#EXTM3U\n  #EXT-X-MEDIA:TYPE=AUDIO\n'],
    ['a carriage return that ends no line', '#EXTM3U\n# note\rhttps://elsewhere.example/\n'],
    ['a NUL', '#EXTM3U\n#EXTINF:4,\nx\u0000.m4s\n'],
    ['a next-line character', '#EXTM3U\n# note\u0085x\n'],
    ['a long line', `#EXTM3U\n# ${'x'.repeat(70_000)}\n`],
    ['many lines', `#EXTM3U\n${'\n'.repeat(200_001)}`],
    ['a broken attribute list', '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,,"\n'],
    ['nine megabytes', `#EXTM3U\n${'#\n'.repeat(4_500_000)}`],
  ])('%s', (_, text) => {
    expect(() => parsePlaylist(text)).toThrow(PlaylistError);
  });

  it.each([
    ['#EXTM3U\n\n#EXTINF:nothing,\nx\n', 'line 3: EXTINF without a duration: "nothing,"'],
    ['#EXTM3U\n#EXT-X-MEDIA:TYPE\n', 'line 2: bad attribute list at "TYPE"'],
    ['#EXTM3U\r\nx.m3u8', 'line 2: URI without EXT-X-STREAM-INF'],
    ['#EXTM3U\n#EXT-X-STREAM-INF:A=1\n# note\n', 'line 4: EXT-X-STREAM-INF is not followed by a URI'],
    ['', 'line 1: the playlist does not begin with #EXTM3U'],
  ])('name the line: %j', (text, message) => {
    expect(() => parsePlaylist(text)).toThrow(new PlaylistError(message));
  });

  it('never fail otherwise, and what is read is written back byte for byte', () => {
    const attribute = fc
      .tuple(fc.constantFrom('A', 'URI', 'X-ASSET-URI'), fc.constantFrom('1', '"u, v"', '', '"', '1x1'))
      .map((pair) => pair.join('='));
    const list = fc
      .tuple(fc.array(attribute, { maxLength: 4 }), fc.constantFrom(',', ', ', ' ,', ',,'))
      .map(([items, comma]) => items.join(comma));
    const name = fc.constantFrom(
      '#EXT-X-STREAM-INF:',
      '#EXT-X-MEDIA:',
      '#EXT-X-KEY:',
      '#EXT-X-NEW:',
      '#EXT-X-DEFINE:',
      '#EXTINF:4,',
      '#EXT-X-ENDLIST',
    );
    const tagLine = fc.tuple(name, list).map((parts) => parts.join(''));
    const line = fc.oneof(tagLine, fc.constantFrom('#EXTINF:4.00,', 'x.m4s', '', ' ', '# note', '\tx.m3u8'), fc.string({ unit: 'binary' }));
    const ends = fc.constantFrom('\n', '\r\n', ' \n', '\r', '');
    const texts = fc
      .tuple(fc.constantFrom('#EXTM3U\n', '\ufeff#EXTM3U\r\n'), fc.array(fc.tuple(line, ends), { maxLength: 12 }))
      .map(([start, lines]) => start + lines.flat().join(''));
    let read = 0;
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const playlist = parsePlaylist(text);
          expect(stringifyPlaylist(playlist)).toBe(text);
          read += 1;
          expect(stringifyPlaylist(mapUris(playlist, (uri) => uri))).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(PlaylistError);
        }
      }),
      { numRuns: 2000 },
    );
    // The texts are not all refused at the door.
    expect(read).toBeGreaterThan(100);
  });
});

/** Millions of characters: anything but linear work would run into the test's timeout. */
describe('size', () => {
  it('a day of segments is read and written', () => {
    const segments = Array.from({ length: 21_600 }, (_, number) => `#EXTINF:4.004,\n${'long-path/'.repeat(30)}${number}.m4s\n`);
    const text = `#EXTM3U\n#EXT-X-TARGETDURATION:4\n${segments.join('')}#EXT-X-ENDLIST\n`;
    expect(text.length).toBeGreaterThan(6_000_000);
    expect(stringifyPlaylist(parseMediaPlaylist(text))).toBe(text);
  });

  it.each([
    ['letters', 'A'.repeat(4_000_000)],
    ['spaces', ' '.repeat(4_000_000)],
    ['spaces after a value', `A=x${' '.repeat(4_000_000)}y`],
    ['a quote that never ends', `A="${'x'.repeat(4_000_000)}`],
    ['commas', ','.repeat(4_000_000)],
    ['equals signs', `A${'='.repeat(4_000_000)},,`],
  ])('a list of nothing but %s is refused', (_, value) => {
    expect(() => parsePlaylist(`#EXTM3U\n#EXT-X-MEDIA:${value}\n`)).toThrow(PlaylistError);
  });

  it('a hundred thousand attributes are read', () => {
    const list = Array.from({ length: 100_000 }, (_, index) => `X-${index}="a,b"`).join(',');
    expect(stringifyAttributes(parseAttributes(list))).toBe(list);
  });
});

describe('attributes', () => {
  const LIST = 'A=1,B="x,y=z",C=1920x1080,D=0x1f,E=""';

  it('keep their order and quotes', () => {
    expect(stringifyAttributes(parseAttributes(LIST))).toBe(LIST);
    expect(getAttribute(parseAttributes(LIST), 'B')).toBe('x,y=z');
    expect(getAttribute(parseAttributes(LIST), 'E')).toBe('');
    expect(getAttribute(parseAttributes(LIST), 'X')).toBeUndefined();
  });

  it('are replaced in place or added at the end', () => {
    expect(stringifyAttributes(setAttribute(parseAttributes(LIST), 'B', '"q"'))).toBe('A=1,B="q",C=1920x1080,D=0x1f,E=""');
    expect(stringifyAttributes(setAttribute(parseAttributes('A=1'), 'URI', '"u"'))).toBe('A=1,URI="u"');
    expect(stringifyAttributes(setAttribute(parseAttributes(' A=1 , B=2 , '), 'A', '"q"'))).toBe(' A="q" , B=2 , ');
    expect(stringifyAttributes(setAttribute(parseAttributes('A=1 ,B=2,'), 'URI', '"u"'))).toBe('A=1 ,B=2,URI="u"');
  });

  it('cannot be broken out of', () => {
    for (const value of ['a"b', 'a\nb', 'a\rb']) expect(() => quote(value)).toThrow(PlaylistError);
  });

  it.each([LIST, '', ' A=1', 'A=1, B=2', 'A=1 ,B="2"\t', 'A=1,', 'A=1 , '])('are written back as they stood: %j', (text) => {
    expect(stringifyAttributes(parseAttributes(text))).toBe(text);
  });

  it.each(['A', ',A=1', ' ', ',', 'A=1,,', 'A=1,,B=2', 'a=1', 'A="x', 'A="x"y,B=1', '=1', 'A=1 B=2'])('refuse %j', (text) => {
    expect(() => parseAttributes(text)).toThrow(PlaylistError);
  });
});
