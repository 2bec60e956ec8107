import { parseMediaPlaylist } from '@mediaflow/shared/hls/parse';
import { stringifyPlaylist } from '@mediaflow/shared/hls/stringify';
import { describe, expect, it } from 'vitest';
import { clipMediaPlaylist } from './clip-media-playlist.ts';

const HEAD = `#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:4
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-INDEPENDENT-SEGMENTS
`;
const MAP = '#EXT-X-MAP:URI="init.mp4"\n';
const END = '#EXT-X-ENDLIST\n';
const list = (...parts: readonly string[]): string => [HEAD, ...parts, END].join('');
const segment = (number: number, seconds = '4.004'): string => `#EXTINF:${seconds},\n${number}.m4s\n`;
const clip = (startMs: number, endMs: number, firstSegment: number, lastSegment: number) => ({
  ...{ startMs, endMs, firstSegment, lastSegment },
  originMs: 4004 * firstSegment,
});

const VIDEO = list(MAP, segment(0), segment(1), segment(2), segment(3, '2.002'));
const cut = (text: string, ...[window, kind]: [ReturnType<typeof clip>, 'media' | 'text' | 'iframes']): string =>
  stringifyPlaylist(clipMediaPlaylist(parseMediaPlaylist(text), window, kind));

describe('pictures and sound', () => {
  it('keep the segments of the window, their init segment, and begin at the exact start', () => {
    expect(cut(VIDEO, clip(5000, 9000, 1, 2), 'media')).toBe(
      `${HEAD}#EXT-X-START:TIME-OFFSET=0.996,PRECISE=YES\n${MAP}${segment(1)}${segment(2)}${END}`,
    );
  });

  it.each([
    ['from the film’s start', clip(0, 4000, 0, 0), list(MAP, segment(0))],
    ['from a segment’s start', clip(4004, 9000, 1, 2), list(MAP, segment(1), segment(2))],
    ['before the first sound of the segment', clip(4000, 9000, 1, 2), list(MAP, segment(1), segment(2))],
  ])('need no start tag %s', (_, window, expected) => {
    expect(cut(VIDEO, window, 'media')).toBe(expected);
  });

  it('keep the end that is not whole', () => {
    expect(cut(VIDEO, clip(13_000, 14_014, 3, 3), 'media')).toBe(
      `${HEAD}#EXT-X-START:TIME-OFFSET=0.988,PRECISE=YES\n${MAP}${segment(3, '2.002')}${END}`,
    );
  });

  it('cannot be cut beyond their end', () => {
    expect(() => cut(VIDEO, clip(20_000, 21_000, 5, 5), 'media')).toThrow(expect.objectContaining({ code: 'internal' }));
  });
});

it('trick play is cut alike, its byte ranges as they are', () => {
  const picture = (number: number): string => `#EXT-X-BYTERANGE:${number}00@0\n${segment(number)}`;
  const text = list('#EXT-X-I-FRAMES-ONLY\n', MAP, picture(1), picture(2), picture(3));
  expect(cut(text, clip(9000, 10_000, 2, 2), 'iframes')).toBe(list('#EXT-X-I-FRAMES-ONLY\n', MAP, picture(3)));
});

describe('text', () => {
  const vtt = (number: number, seconds: string): string => `#EXTINF:${seconds},\n${number}.vtt\n`;
  // A film whose first segment has 2 s, as all have now, then 4 s each.
  const TEXT = list(vtt(0, '58'), vtt(1, '60'), vtt(2, '60'), vtt(3, '30'));
  const textClip = (startMs: number, endMs: number, firstSegment: number, lastSegment: number) => ({
    ...clip(startMs, endMs, firstSegment, lastSegment),
    originMs: Math.max(0, 2000 + (firstSegment - 1) * 4000),
  });

  it.each([
    // Pictures from 78 s: 40 s of the second text, 9 s of the third.
    ['states the part that goes with the pictures', textClip(81_000, 127_000, 20, 32), list(vtt(1, '40'), vtt(2, '9'))],
    ['from the second segment', textClip(3000, 60_000, 1, 15), list(vtt(0, '56'), vtt(1, '2'))],
    ['late in the film', textClip(179_000, 200_000, 45, 50), list(vtt(3, '22'))],
    ['inside of one segment', textClip(64_000, 72_000, 16, 18), list(vtt(1, '10'))],
    ['to the end', textClip(184_000, 208_000, 46, 52), list(vtt(3, '26'))],
    ['of whole segments', textClip(0, 118_000, 0, 29), list(vtt(0, '58'), vtt(1, '60'))],
  ])('%s', (_, window, expected) => {
    expect(cut(TEXT, window, 'text')).toBe(expected);
  });

  it('of a short film stays whole', () => {
    const short = list(vtt(0, '24'));
    expect(cut(short, clip(9000, 12_000, 2, 2), 'text')).toBe(short);
  });
});
