import type { Rendition } from '@mediaflow/shared/rendition';
import { segmentAudioSeconds, segmentSeconds, type Timeline } from '@mediaflow/shared/timeline';
import HLS from 'hls-parser';
import { describe, expect, test } from 'vitest';
import { audioRendition, NTSC, textRendition, videoRendition } from '../testing/manifest-content.ts';
import { stringifyIframePlaylist, stringifyMediaPlaylist } from './media-playlist.ts';

function parseStrictly(text: string) {
  HLS.setOptions({ strictMode: true });
  const parsed = HLS.parse(text);
  if (parsed.isMasterPlaylist) throw new Error('expected a media playlist');
  return parsed;
}

describe('the playlist of a rendition', () => {
  test('names every segment before one exists', () => {
    expect(stringifyMediaPlaylist(videoRendition(360), NTSC)).toBe(
      [
        '#EXTM3U',
        '#EXT-X-VERSION:6',
        '#EXT-X-TARGETDURATION:4',
        '#EXT-X-MEDIA-SEQUENCE:0',
        '#EXT-X-PLAYLIST-TYPE:VOD',
        '#EXT-X-INDEPENDENT-SEGMENTS',
        '#EXT-X-MAP:URI="init.mp4"',
        '#EXTINF:4.004,',
        '0.m4s',
        '#EXTINF:4.004,',
        '1.m4s',
        '#EXTINF:2.002,',
        '2.m4s',
        '#EXT-X-ENDLIST',
        '',
      ].join('\n'),
    );
  });

  test('of sound lasts as long as its own frames', () => {
    const parsed = parseStrictly(stringifyMediaPlaylist(audioRendition(0), NTSC));
    const expected = [0, 1, 2].map((number) => segmentAudioSeconds(NTSC, number));
    expect(parsed.segments.map(({ duration }) => duration)).toEqual(expected.map((seconds) => expect.closeTo(seconds, 5)));
  });

  test('of text has a minute in each segment and no init segment', () => {
    const long: Timeline = { ...NTSC, frameCount: 120 * 15 + 60, segmentCount: 16 };
    const parsed = parseStrictly(stringifyMediaPlaylist(textRendition(0), long));
    expect(parsed.segments.map(({ uri, duration, map }) => [uri, duration, map])).toEqual([
      ['0.vtt', expect.closeTo(60.06, 5), null],
      ['1.vtt', expect.closeTo(2.002, 5), null],
    ]);
    expect(parsed.targetDuration).toBe(60);
  });

  test.each<[string, Rendition, Timeline]>([
    ['pictures', videoRendition(360), NTSC],
    ['one picture', videoRendition(360), { ...NTSC, frameCount: 1, segmentCount: 1 }],
    ['sound', audioRendition(0), NTSC],
  ])('holds to its target duration, as an independent parser reads it: %s', (_, rendition, timeline) => {
    const parsed = parseStrictly(stringifyMediaPlaylist(rendition, timeline));
    expect([parsed.endlist, parsed.playlistType]).toEqual([true, 'VOD']);
    expect(parsed.segments).toHaveLength(timeline.segmentCount);
    for (const { duration, map } of parsed.segments) {
      expect(Math.round(duration)).toBeLessThanOrEqual(parsed.targetDuration);
      expect(map?.uri).toBe('init.mp4');
    }
  });
});

/** Its sound ends 120 ms after its last picture, beyond half a second. */
const ENDS_WITH_SOUND: Timeline = { ...NTSC, frameCount: 102, segmentCount: 1, audioSampleCount: 169_200 };

test('sound and pictures of a film state one target duration', () => {
  const [picture, sound] = [videoRendition(360), audioRendition(0)].map((rendition) =>
    parseStrictly(stringifyMediaPlaylist(rendition, ENDS_WITH_SOUND)),
  );
  expect([picture, sound].map((playlist) => Math.round(playlist?.segments[0]?.duration ?? 0))).toEqual([3, 4]);
  expect([picture?.targetDuration, sound?.targetDuration]).toEqual([4, 4]);
});

test('the I-frame playlist names the first picture of every segment', () => {
  const text = stringifyIframePlaylist('v720', NTSC, [30_000, 20_000, 10_000]);
  const parsed = parseStrictly(text);
  expect(parsed.isIFrame).toBe(true);
  expect(parsed.segments.map(({ uri, byterange, duration }) => [uri, byterange, duration])).toEqual(
    [30_000, 20_000, 10_000].map((length, number) => [
      `${number}.m4s`,
      { offset: 0, length },
      expect.closeTo(segmentSeconds(NTSC, number), 5),
    ]),
  );
  expect(parsed.segments[0]?.map?.uri).toBe('init.mp4');
});
