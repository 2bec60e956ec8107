import type { Rendition } from '@mediaflow/shared/ladder';
import { segmentAudioSeconds, segmentSeconds, type Timeline } from '@mediaflow/shared/timeline';
import HLS from 'hls-parser';
import { describe, expect, test } from 'vitest';
import { stringifyMultivariantPlaylist, stringifyRenditionPlaylist } from './playlists.ts';

const NTSC: Timeline = {
  frameRate: { num: 30000, den: 1001 },
  framesPerSegment: 120,
  frameCount: 300,
  segmentCount: 3,
  audioSampleCount: 480_480,
};
const video = (shortSide: number, level: string, codecs: string): Rendition => ({
  kind: 'video',
  id: `v${shortSide}`,
  width: (shortSide * 16) / 9,
  height: shortSide,
  frameRate: NTSC.frameRate,
  level,
  codecs,
  crf: 21,
  maxBitrateBps: shortSide * 4_000,
  bufferBits: shortSide * 4_000,
});
const audio: Rendition = {
  kind: 'audio',
  id: 'a0',
  streamIndex: 1,
  codecs: 'mp4a.40.2',
  channels: 2,
  bitrateBps: 128_000,
  name: 'Default',
  language: 'en',
};
const renditions = [video(720, '3.1', 'avc1.64001f'), video(360, '3.0', 'avc1.64001e'), audio];

describe('the playlist of a rendition', () => {
  test('names every segment before one exists', () => {
    expect(stringifyRenditionPlaylist(video(360, '3.0', 'avc1.64001e'), NTSC)).toBe(
      [
        '#EXTM3U',
        '#EXT-X-VERSION:7',
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
    const parsed = HLS.parse(stringifyRenditionPlaylist(audio, NTSC));
    if (parsed.isMasterPlaylist) throw new Error('expected a media playlist');
    const expected = [0, 1, 2].map((number) => segmentAudioSeconds(NTSC, number));
    expect(parsed.segments.map(({ duration }) => duration)).toEqual(expected.map((seconds) => expect.closeTo(seconds, 5)));
  });

  test('holds to its target duration, as an independent parser reads it', () => {
    const shortest: Timeline = { ...NTSC, frameCount: 1, segmentCount: 1 };
    for (const timeline of [NTSC, shortest]) {
      const parsed = HLS.parse(stringifyRenditionPlaylist(video(360, '3.0', 'avc1.64001e'), timeline));
      if (parsed.isMasterPlaylist) throw new Error('expected a media playlist');
      expect(parsed.endlist).toBe(true);
      expect(parsed.playlistType).toBe('VOD');
      expect(parsed.segments.map(({ uri }) => uri)).toEqual(parsed.segments.map((_, number) => `${number}.m4s`));
      expect(parsed.segments.every(({ duration, map }) => Math.round(duration) <= parsed.targetDuration && map?.uri === 'init.mp4')).toBe(
        true,
      );
      expect(parsed.segments.reduce((sum, { duration }) => sum + duration, 0)).toBeCloseTo(
        parsed.segments.reduce((sum, _, number) => sum + segmentSeconds(timeline, number), 0),
        5,
      );
    }
  });
});

describe('the multivariant playlist', () => {
  test('names every rung with its peak rate, and sound as a group', () => {
    expect(stringifyMultivariantPlaylist(renditions, NTSC)).toBe(
      [
        '#EXTM3U',
        '#EXT-X-VERSION:7',
        '#EXT-X-INDEPENDENT-SEGMENTS',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Default",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="a0/playlist.m3u8"',
        '#EXT-X-STREAM-INF:BANDWIDTH=3818467,AVERAGE-BANDWIDTH=3008000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970,AUDIO="audio"',
        'v720/playlist.m3u8',
        '#EXT-X-STREAM-INF:BANDWIDTH=1982834,AVERAGE-BANDWIDTH=1568000,CODECS="avc1.64001e,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=29.970,AUDIO="audio"',
        'v360/playlist.m3u8',
        '',
      ].join('\n'),
    );
  });

  test('is what an independent parser takes it for', () => {
    const parsed = HLS.parse(stringifyMultivariantPlaylist(renditions, NTSC));
    if (!parsed.isMasterPlaylist) throw new Error('expected a multivariant playlist');
    expect(parsed.variants.map(({ uri }) => uri)).toEqual(['v720/playlist.m3u8', 'v360/playlist.m3u8']);
    expect(parsed.variants[0]?.resolution).toEqual({ width: 1280, height: 720 });
    expect(parsed.variants[0]?.audio[0]).toMatchObject({ groupId: 'audio', language: 'en', isDefault: true, uri: 'a0/playlist.m3u8' });
  });

  test('of sound alone has the sound as its variant', () => {
    const parsed = HLS.parse(stringifyMultivariantPlaylist([audio], NTSC));
    if (!parsed.isMasterPlaylist) throw new Error('expected a multivariant playlist');
    expect(parsed.variants).toHaveLength(1);
    expect(parsed.variants[0]).toMatchObject({ uri: 'a0/playlist.m3u8', codecs: 'mp4a.40.2' });
  });

  test('of pictures alone names no audio group', () => {
    expect(stringifyMultivariantPlaylist(renditions.slice(0, 2), NTSC)).not.toContain('AUDIO');
  });

  test('cannot be broken by a name from the file', () => {
    const hostile: Rendition = { ...audio, name: 'x"\n#EXT-X-MEDIA:URI="https://example.com' };
    const text = stringifyMultivariantPlaylist([...renditions.slice(0, 2), hostile], NTSC);
    expect(text.split('\n').filter((line) => line.startsWith('#EXT-X-MEDIA'))).toHaveLength(1);
  });
});
