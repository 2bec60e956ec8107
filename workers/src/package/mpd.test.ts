import { type Timeline, timelineDurationMs } from '@mediaflow/shared/timeline';
import { parse } from 'mpd-parser';
import { describe, expect, test } from 'vitest';
import { audioRendition, FILM, NTSC, STORED_FILM, videoRendition } from '../testing/manifest-content.ts';
import { stringifyMpd } from './mpd.ts';

const MANIFEST_URI = 'https://example.com/manifest.mpd';

interface Track {
  readonly id: string;
  readonly contentType: 'audio' | 'text';
  readonly lang: string;
  readonly label: string;
  readonly role: string;
  readonly bandwidth: number;
}

const TRACKS: readonly Track[] = [
  { id: 'a0', contentType: 'audio', lang: 'en', label: 'English', role: 'main', bandwidth: 130_000 },
  { id: 'a1', contentType: 'audio', lang: 'de', label: 'Deutsch', role: 'alternate', bandwidth: 140_000 },
  { id: 't0', contentType: 'text', lang: 'en', label: 'English', role: 'subtitle', bandwidth: 256 },
  { id: 't1', contentType: 'text', lang: 'en', label: 'Signs', role: 'forced-subtitle', bandwidth: 256 },
];

const adaptationSet = ({ id, contentType, lang, label, role, bandwidth }: Track): string =>
  contentType === 'audio'
    ? `    <AdaptationSet contentType="audio" mimeType="audio/mp4" lang="${lang}" segmentAlignment="true" startWithSAP="1">
      <AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="2"/>
      <Label>${label}</Label>
      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="${role}"/>
      <SegmentTemplate startNumber="0" timescale="48000" initialization="$RepresentationID$/init.mp4" media="$RepresentationID$/$Number$.m4s">
        <SegmentTimeline>
          <S t="0" d="192512" r="1"/>
          <S d="96256"/>
        </SegmentTimeline>
      </SegmentTemplate>
      <Representation id="${id}" codecs="mp4a.40.2" bandwidth="${bandwidth}" audioSamplingRate="48000"/>
    </AdaptationSet>
`
    : `    <AdaptationSet contentType="text" mimeType="text/vtt" lang="${lang}">
      <Label>${label}</Label>
      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="${role}"/>
      <SegmentTemplate startNumber="0" timescale="30000" media="$RepresentationID$/$Number$.vtt">
        <SegmentTimeline>
          <S t="0" d="300300"/>
        </SegmentTimeline>
      </SegmentTemplate>
      <Representation id="${id}" bandwidth="${bandwidth}"/>
    </AdaptationSet>
`;

describe('the MPD', () => {
  test('describes the segments of HLS by templates', () => {
    expect(stringifyMpd(STORED_FILM)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" type="static" mediaPresentationDuration="PT10.01S" maxSegmentDuration="PT4.004S" minBufferTime="PT4.004S">
  <Period id="0" start="PT0S">
    <AdaptationSet contentType="video" mimeType="video/mp4" segmentAlignment="true" startWithSAP="1">
      <SegmentTemplate startNumber="0" timescale="30000" initialization="$RepresentationID$/init.mp4" media="$RepresentationID$/$Number$.m4s">
        <SegmentTimeline>
          <S t="0" d="120120" r="1"/>
          <S d="60060"/>
        </SegmentTimeline>
      </SegmentTemplate>
      <Representation id="v720" codecs="avc1.64001f" bandwidth="2000000" width="1280" height="720" frameRate="30000/1001" sar="1:1"/>
      <Representation id="v360" codecs="avc1.64001e" bandwidth="900000" width="640" height="360" frameRate="30000/1001" sar="1:1"/>
    </AdaptationSet>
${TRACKS.map(adaptationSet).join('')}  </Period>
</MPD>
`);
  });

  /** Sound that outlasts the picture by less than the timeline extends it for must not make a segment too many. */
  const LONG_SOUND: Timeline = { ...NTSC, frameCount: 240, segmentCount: 2, audioSampleCount: 400_000 };

  test.each([NTSC, LONG_SOUND])('names each segment at its time, as an independent parser reads it', (timeline) => {
    const { duration, playlists, mediaGroups } = parse(stringifyMpd({ ...FILM, timeline }), { manifestUri: MANIFEST_URI });
    expect(duration).toBeCloseTo(timelineDurationMs(timeline) / 1000, 5);
    expect(playlists.map(({ attributes }) => attributes.RESOLUTION)).toEqual([
      { width: 1280, height: 720 },
      { width: 640, height: 360 },
    ]);
    const tracks = Object.values(mediaGroups.AUDIO.audio ?? {});
    expect(tracks.map(({ language }) => language)).toEqual(['en', 'de']);
    const all = [...playlists, ...tracks.flatMap((track) => track.playlists)];
    expect(all).toHaveLength(4);
    for (const { attributes, segments } of all) {
      const id = attributes.NAME;
      expect(segments.map(({ resolvedUri }) => resolvedUri)).toEqual(
        Array.from({ length: timeline.segmentCount }, (_, number) => `https://example.com/${id}/${number}.m4s`),
      );
      expect(segments[0]?.map.resolvedUri).toBe(`https://example.com/${id}/init.mp4`);
      let expected = 0;
      for (const segment of segments) {
        expect(segment.presentationTime).toBeCloseTo(expected, 5);
        expected += segment.duration;
      }
    }
  });

  test('has an adaptation set for each codec', () => {
    const av1 = videoRendition(720, { id: 'v720-av1', codec: 'av1', codecs: 'av01.0.05M.08' });
    const text = stringifyMpd({ ...FILM, renditions: [videoRendition(720), videoRendition(360), av1] });
    expect(text.match(/<AdaptationSet /g)).toHaveLength(2);
  });

  test('of sound alone has sound alone', () => {
    const { mediaGroups, playlists } = parse(stringifyMpd({ ...FILM, renditions: [audioRendition(0)] }), { manifestUri: MANIFEST_URI });
    expect([Object.keys(mediaGroups.AUDIO.audio ?? {}).length, playlists.length]).toEqual([1, 0]);
  });

  test('cannot be broken by a name from the file', () => {
    const hostile = audioRendition(0, { name: '</Label><BaseURL>https://example.com/</BaseURL>\u0000' });
    const text = stringifyMpd({ ...FILM, renditions: [hostile] });
    expect(text).not.toContain('<BaseURL>');
    expect(parse(text, { manifestUri: MANIFEST_URI }).playlists).toHaveLength(0);
  });
});
