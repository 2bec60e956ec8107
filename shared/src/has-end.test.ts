import { expect, test } from 'vitest';
import { hasEnd, isBoxed } from './has-end.ts';
import type { MediaObject } from './keys.ts';

const playlist: MediaObject = { kind: 'playlist', renditionId: 'v720' };
const PLAYLIST = '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n0.m4s\n#EXT-X-ENDLIST\n';
const multivariant: MediaObject = { kind: 'multivariant', revision: 0 };
const MULTIVARIANT = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv720/playlist.m3u8\n';
const text: MediaObject = { kind: 'segment', renditionId: 't0', number: 0 };
const TEXT = 'WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n';
const mpd: MediaObject = { kind: 'dash', revision: 0 };
const MPD = '<?xml version="1.0" encoding="UTF-8"?>\n<MPD>\n</MPD>\n';
const poster: MediaObject = { kind: 'poster' };
const POSTER = '\xff\xd8picture\xff\xd9';

const whole = [
  [playlist, PLAYLIST],
  [{ kind: 'iframes', renditionId: 'v720' }, PLAYLIST],
  [multivariant, MULTIVARIANT],
  [text, TEXT],
  [mpd, MPD],
  [poster, POSTER],
] as const satisfies readonly (readonly [MediaObject, string])[];
const bytesOf = (content: string): Uint8Array => Uint8Array.from(content, (char) => char.charCodeAt(0));

test.each(whole)('whole: %o', (object, content) => {
  expect(isBoxed(object)).toBe(false);
  expect(hasEnd(object, bytesOf(content))).toBe(true);
  expect(hasEnd(object, bytesOf(content.slice(0, -1)))).toBe(false);
});

test.each([
  ['a playlist at the end of a line', playlist, PLAYLIST.slice(0, -'#EXT-X-ENDLIST\n'.length), false],
  ['a playlist but for its first line', playlist, '#EXTM3U\n', false],
  ['a playlist within its first line, which could be anything', playlist, '#EXTM', true],
  ['an MPD at the end of a line', mpd, MPD.slice(0, -'</MPD>\n'.length), false],
  // They have no end of their own.
  ['a multivariant playlist at the end of a line', multivariant, MULTIVARIANT.slice(0, MULTIVARIANT.indexOf('v720')), true],
  ['a text at the end of a line', text, TEXT.slice(0, TEXT.indexOf('Hello')), true],
  ['zeros in the place of a text', text, '\0'.repeat(TEXT.length), false],
  ['zeros in the place of a picture', poster, '\0'.repeat(POSTER.length), false],
  ['what is none of ours', playlist, 'something else', true],
] as const)('cut: %s', (_, object, content, expected) => {
  expect(hasEnd(object, bytesOf(content))).toBe(expected);
});

test('what consists of boxes says its length itself', () => {
  for (const object of [
    { kind: 'init', renditionId: 'v720' },
    { kind: 'segment', renditionId: 'v720', number: 0 },
  ] as const) {
    expect(isBoxed(object)).toBe(true);
    expect(hasEnd(object, new Uint8Array())).toBe(true);
  }
});
