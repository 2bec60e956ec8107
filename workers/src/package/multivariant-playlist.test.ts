import HLS from 'hls-parser';
import { describe, expect, test } from 'vitest';
import { audioRendition, FILM, STORED_FILM, textRendition, videoRendition } from '../testing/manifest-content.ts';
import { type ManifestContent, stringifyMultivariantPlaylist } from './multivariant-playlist.ts';

function parseStrictly(content: ManifestContent) {
  HLS.setOptions({ strictMode: true });
  const parsed = HLS.parse(stringifyMultivariantPlaylist(content));
  if (!parsed.isMasterPlaylist) throw new Error('expected a multivariant playlist');
  return parsed;
}

const mediaLines = (content: ManifestContent): readonly string[] =>
  stringifyMultivariantPlaylist(content)
    .split('\n')
    .filter((line) => line.startsWith('#EXT-X-MEDIA:'));

describe('the multivariant playlist', () => {
  test('lists all there will be before anything is encoded', () => {
    expect(stringifyMultivariantPlaylist(FILM)).toBe(
      [
        '#EXTM3U',
        '#EXT-X-VERSION:6',
        '#EXT-X-INDEPENDENT-SEGMENTS',
        '#EXT-X-SESSION-DATA:DATA-ID="com.mediaflow.state",VALUE="filling"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="a0/playlist.m3u8"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Deutsch",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="2",URI="a1/playlist.m3u8"',
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI="t0/playlist.m3u8"',
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="Signs",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES,URI="t1/playlist.m3u8"',
        '#EXT-X-STREAM-INF:BANDWIDTH=3965200,AVERAGE-BANDWIDTH=3600240,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO="audio",SUBTITLES="subtitles"',
        'v720/playlist.m3u8',
        '#EXT-X-STREAM-INF:BANDWIDTH=2056200,AVERAGE-BANDWIDTH=1867320,CODECS="avc1.64001e,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO="audio",SUBTITLES="subtitles"',
        'v360/playlist.m3u8',
        '',
      ].join('\n'),
    );
  });

  test('states what was measured, the largest sound included, and I-frame playlists, once all is stored', () => {
    const parsed = parseStrictly(STORED_FILM);
    expect(
      parsed.variants.map(({ uri, bandwidth, averageBandwidth, isIFrameOnly }) => [uri, bandwidth, averageBandwidth, isIFrameOnly]),
    ).toEqual([
      ['v720/playlist.m3u8', 2_140_000, 1_628_000, false],
      ['v360/playlist.m3u8', 1_040_000, 728_000, false],
      // 30 000 bytes in 4.004 s.
      ['v720/iframes.m3u8', 59_941, undefined, true],
      // 7 000 bytes in 2.002 s.
      ['v360/iframes.m3u8', 27_973, undefined, true],
    ]);
    expect(parsed.sessionDataList).toEqual([]);
  });

  test('is what a strict parser takes it for', () => {
    const [variant] = parseStrictly(FILM).variants;
    expect(variant).toMatchObject({ resolution: { width: 1280, height: 720 }, codecs: 'avc1.64001f,mp4a.40.2' });
    expect(variant?.audio.map(({ uri, language, isDefault }) => [uri, language, isDefault])).toEqual([
      ['a0/playlist.m3u8', 'en', true],
      ['a1/playlist.m3u8', 'de', false],
    ]);
    expect(variant?.subtitles.map(({ uri, isDefault, forced }) => [uri, isDefault, forced])).toEqual([
      ['t0/playlist.m3u8', true, false],
      ['t1/playlist.m3u8', false, true],
    ]);
  });

  test('of two codecs names each variant’s own', () => {
    const av1 = videoRendition(720, { id: 'v720-av1', codec: 'av1', codecs: 'av01.0.05M.08' });
    const parsed = parseStrictly({ ...FILM, renditions: [videoRendition(720), av1, audioRendition(0)] });
    expect(parsed.variants.map(({ uri, codecs }) => [uri, codecs])).toEqual([
      ['v720/playlist.m3u8', 'avc1.64001f,mp4a.40.2'],
      ['v720-av1/playlist.m3u8', 'av01.0.05M.08,mp4a.40.2'],
    ]);
  });

  test('of sound alone has the sound as its variant, in a group only where there is a choice', () => {
    const one = parseStrictly({ ...FILM, renditions: [audioRendition(0)] });
    expect(one.variants.map(({ uri, codecs, audio }) => [uri, codecs, audio.length])).toEqual([['a0/playlist.m3u8', 'mp4a.40.2', 0]]);
    const two = parseStrictly({ ...FILM, renditions: [audioRendition(0), audioRendition(1)] });
    expect(two.variants.map(({ uri, audio }) => [uri, audio.length])).toEqual([['a0/playlist.m3u8', 2]]);
  });

  test('of pictures alone names no group', () => {
    expect(stringifyMultivariantPlaylist({ ...FILM, renditions: [videoRendition(720)] })).not.toMatch(/AUDIO|SUBTITLES|mp4a/);
  });

  test('lets a player choose only among tracks that it can tell apart, and has one default', () => {
    const renditions = [
      videoRendition(720),
      audioRendition(0, { language: 'en' }),
      audioRendition(1, { language: 'en', name: 'Commentary' }),
      textRendition(0, { language: 'en', isDefault: true }),
      textRendition(1, { language: 'en', isDefault: true }),
      textRendition(2, { language: 'en', isForced: true }),
    ];
    const choices = mediaLines({ ...FILM, renditions }).map((line) => /DEFAULT=\w+,AUTOSELECT=\w+/.exec(line)?.[0]);
    expect(choices).toEqual([
      'DEFAULT=YES,AUTOSELECT=YES',
      'DEFAULT=NO,AUTOSELECT=NO',
      'DEFAULT=YES,AUTOSELECT=YES',
      'DEFAULT=NO,AUTOSELECT=NO',
      'DEFAULT=NO,AUTOSELECT=YES',
    ]);
  });

  test('cannot be broken by a name from the file', () => {
    const hostile = audioRendition(0, { name: 'x"\n#EXT-X-MEDIA:URI="https://example.com' });
    expect(mediaLines({ ...FILM, renditions: [videoRendition(720), hostile] })).toHaveLength(1);
    parseStrictly({ ...FILM, renditions: [videoRendition(720), hostile] });
    const odd = audioRendition(0, { name: 'a\u2028b{$c}d {e}' });
    expect(mediaLines({ ...FILM, renditions: [videoRendition(720), odd] })[0]).toContain('NAME="ab$c}d {e}"');
  });
});
