import { getAttribute } from '@mediaflow/shared/hls/attributes';
import { parseMultivariantPlaylist } from '@mediaflow/shared/hls/parse';
import { stringifyPlaylist } from '@mediaflow/shared/hls/stringify';
import type { MultivariantEntry } from '@mediaflow/shared/hls/types';
import { parseMediaPath } from '@mediaflow/shared/keys';
import { shortSideOfId } from '@mediaflow/shared/rendition';
import type { PlaylistRules } from '@mediaflow/shared/token';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { filterVariants } from './filter-variants.ts';

const build = (shortSides: readonly number[]) =>
  parseMultivariantPlaylist(
    `#EXTM3U\n${shortSides.map((side) => `#EXT-X-STREAM-INF:BANDWIDTH=${side * 1000}\nv${side}/playlist.m3u8\n`).join('')}`,
  );

const shortSidesOf = (playlist: ReturnType<typeof build>): readonly number[] =>
  playlist.entries.flatMap((entry) => {
    const object = entry.kind === 'variant' ? parseMediaPath(entry.uri) : undefined;
    return object !== undefined && 'renditionId' in object ? (shortSideOfId(object.renditionId) ?? []) : [];
  });

const sides = fc.uniqueArray(fc.integer({ min: 1, max: 2160 }), { minLength: 1, maxLength: 7 });
const limit = fc.option(fc.integer({ min: 1, max: 2160 }), { nil: undefined });

it('never empties, keeps all that fits, and caps the session to what it kept where the rules have a limit', () => {
  fc.assert(
    fc.property(sides, limit, limit, (all, maxShortSide, minShortSide) => {
      const rules = { ...(maxShortSide !== undefined && { maxShortSide }), ...(minShortSide !== undefined && { minShortSide }) };
      const { playlist, caps } = filterVariants(build(all), rules);
      const kept = shortSidesOf(playlist);
      expect(kept.length).toBeGreaterThan(0);
      const fitting = all.filter((side) => side <= (maxShortSide ?? 9999) && side >= (minShortSide ?? 0));
      if (fitting.length > 0) expect(kept).toEqual(fitting);
      else expect(kept).toHaveLength(1);
      expect(caps).toEqual({
        maxShortSide: maxShortSide === undefined ? 0 : Math.max(...kept),
        minShortSide: minShortSide === undefined ? 0 : Math.min(...kept),
      });
    }),
  );
});

it('never goes above an upper limit that anything fits', () => {
  fc.assert(
    fc.property(sides, fc.integer({ min: 1, max: 2160 }), limit, (all, maxShortSide, minShortSide) => {
      const kept = shortSidesOf(filterVariants(build(all), { maxShortSide, minShortSide: minShortSide ?? 0 }).playlist);
      if (all.some((side) => side <= maxShortSide)) expect(Math.max(...kept)).toBeLessThanOrEqual(maxShortSide);
      else expect(kept).toEqual([Math.min(...all)]);
    }),
  );
});

it('leaves a film without pictures alone', () => {
  const audio = parseMultivariantPlaylist('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=150000\na0/playlist.m3u8\n');
  expect(filterVariants(audio, { maxShortSide: 360 })).toEqual({ playlist: audio, caps: { maxShortSide: 0, minShortSide: 0 } });
});

it('orders variants and nothing else', () => {
  const text =
    '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv240/playlist.m3u8\n#EXT-X-FOO:1\n#EXT-X-STREAM-INF:BANDWIDTH=2\nv360/playlist.m3u8\n';
  const { playlist } = filterVariants(parseMultivariantPlaylist(text), { order: 'desc' });
  expect(playlist.entries.map((entry) => entry.kind)).toEqual(['line', 'variant', 'line', 'variant']);
  expect(shortSidesOf(playlist)).toEqual([360, 240]);
});

const FILM = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,URI="a0/playlist.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="Signs",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES,URI="t0/playlist.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI="t1/playlist.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="Deutsch",LANGUAGE="de-AT",DEFAULT=NO,AUTOSELECT=NO,FORCED=NO,URI="t2/playlist.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=6,CODECS="avc1.640028,mp4a.40.2",AUDIO="audio"
v1080/playlist.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=3,CODECS="avc1.64001f,mp4a.40.2",AUDIO="audio"
v720/playlist.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=4,CODECS="hvc1.1.6.L120.90,mp4a.40.2",AUDIO="audio"
v1080-hevc/playlist.m3u8
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,CODECS="avc1.64001f",URI="v720/iframes.m3u8"
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,CODECS="hvc1.1.6.L120.90",URI="v1080-hevc/iframes.m3u8"
`;

const filter = (rules: PlaylistRules): string => stringifyPlaylist(filterVariants(parseMultivariantPlaylist(FILM), rules).playlist);
const filesIn = (text: string): readonly string[] => text.match(/v[\w-]+\/\w+/g) ?? [];

it.each<[PlaylistRules, readonly string[]]>([
  [{}, ['v1080/playlist', 'v720/playlist', 'v1080-hevc/playlist', 'v720/iframes', 'v1080-hevc/iframes']],
  [{ codecs: ['avc'] }, ['v1080/playlist', 'v720/playlist', 'v720/iframes']],
  [{ codecs: ['hevc', 'av1'] }, ['v1080-hevc/playlist', 'v1080-hevc/iframes']],
  [{ codecs: ['av1'] }, ['v1080/playlist', 'v720/playlist', 'v720/iframes']],
  [{ codecs: ['hevc'], maxShortSide: 720 }, ['v720/playlist', 'v720/iframes']],
  [{ maxShortSide: 360 }, ['v720/playlist', 'v720/iframes']],
  [{ hasTrickPlay: false }, ['v1080/playlist', 'v720/playlist', 'v1080-hevc/playlist']],
  [{ hasTrickPlay: true, order: 'desc' }, ['v1080/playlist', 'v1080-hevc/playlist', 'v720/playlist', 'v720/iframes', 'v1080-hevc/iframes']],
])('%j leaves %j', (rules, files) => {
  expect(filesIn(filter(rules))).toEqual(files);
});

it.each<[PlaylistRules, readonly string[]]>([
  [{}, ['v1/vp9', 'v2/vvc', 'v3/dolby', 'v4/sound', 'v5/unsaid', 'v6/iframes']],
  [{ codecs: ['av1'] }, ['v3/dolby', 'v4/sound', 'v5/unsaid']],
  // There is neither: H.264 for trick play alone is no picture to fall back on.
  [{ codecs: ['avc', 'hevc'] }, ['v1/vp9', 'v2/vvc', 'v3/dolby', 'v4/sound', 'v5/unsaid']],
])('%j leaves of a customer’s codecs %j', (rules, files) => {
  const variant = (codecs: string, uri: string): string => `#EXT-X-STREAM-INF:BANDWIDTH=1${codecs && `,CODECS="${codecs}"`}\n${uri}.m3u8\n`;
  const text = `#EXTM3U\n${variant('vp09.00.10.08,opus', 'v1/vp9')}${variant('vvc1.1.L51', 'v2/vvc')}${variant('dav1.10.01', 'v3/dolby')}${variant('mp4a.40.2', 'v4/sound')}${variant('', 'v5/unsaid')}#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,CODECS="avc1.64001f",URI="v6/iframes.m3u8"\n`;
  expect(filesIn(stringifyPlaylist(filterVariants(parseMultivariantPlaylist(text), rules).playlist))).toEqual(files);
});

const TRICK_PLAY = `#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=3
v720/film.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=1
v360/film.m3u8
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="v180/iframes.m3u8"
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="v1080/iframes.m3u8"
#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=1,URI="v90/images.m3u8"
`;

it.each<[PlaylistRules, readonly string[]]>([
  [{}, ['v720/film', 'v360/film', 'v180/iframes', 'v1080/iframes', 'v90/images']],
  [{ maxShortSide: 270 }, ['v360/film', 'v180/iframes', 'v90/images']],
  [{ minShortSide: 2160 }, ['v720/film', 'v1080/iframes']],
  [{ minShortSide: 270, maxShortSide: 270 }, ['v360/film']],
  [{ hasTrickPlay: false }, ['v720/film', 'v360/film']],
])('%j goes by the film’s sizes and leaves of smaller and larger trick play %j', (rules, files) => {
  const sizeOf = (entry: MultivariantEntry): number | undefined => {
    const uri = entry.kind === 'variant' ? entry.uri : entry.kind === 'line' ? undefined : getAttribute(entry.attributes, 'URI');
    return uri === undefined ? undefined : Number.parseInt(uri.slice(1), 10);
  };
  const { playlist } = filterVariants(parseMultivariantPlaylist(TRICK_PLAY), rules, sizeOf);
  expect(filesIn(stringifyPlaylist(playlist))).toEqual(files);
});

it.each([
  ['de', 't2'],
  ['DE-at', 't2'],
  ['de-CH', 't2'],
  ['en-US', 't1'],
  ['fr', 't1'],
  ['e', 't1'],
])('begins with the subtitles for %s: %s', (defaultSubtitlesLanguage, expected) => {
  const text = filter({ defaultSubtitlesLanguage });
  const defaults = text.split('\n').filter((line) => line.includes('TYPE=SUBTITLES') && line.includes('DEFAULT=YES'));
  expect(defaults).toHaveLength(1);
  expect(defaults[0]).toContain(`AUTOSELECT=YES,FORCED=NO,URI="${expected}/`);
  expect(text.replaceAll(/(DEFAULT|AUTOSELECT)=(YES|NO)/g, '')).toBe(FILM.replaceAll(/(DEFAULT|AUTOSELECT)=(YES|NO)/g, ''));
});

it('writes back what it keeps byte for byte', () => {
  const text = FILM.replaceAll('\n', '\r\n').replaceAll(',CODECS', ' , CODECS');
  expect(stringifyPlaylist(filterVariants(parseMultivariantPlaylist(text), {}).playlist)).toBe(text);
});
