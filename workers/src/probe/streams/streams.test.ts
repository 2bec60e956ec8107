import { describe, expect, test } from 'vitest';
import { toAudioTracks } from './audio-stream.ts';
import { toTextTracks } from './text-stream.ts';
import { describeTrack } from './track-tags.ts';

const subtitle = (index: number, codec_name: string, tags: Record<string, unknown> = {}) => ({
  index,
  codec_type: 'subtitle',
  codec_name,
  tags,
});

describe('subtitle tracks', () => {
  test('of text are carried, with what the container says of them', () => {
    const forced = { ...subtitle(3, 'ass', { language: 'ger', title: 'Schilder' }), disposition: { forced: 1, default: '1' } };
    expect(toTextTracks([{ index: 0, codec_type: 'video' }, subtitle(2, 'subrip'), forced])).toEqual({
      text: [
        { index: 2, codec: 'subrip', isDefault: false, isForced: false },
        { index: 3, codec: 'ass', language: 'de', title: 'Schilder', isDefault: true, isForced: true },
      ],
      warnings: [],
    });
  });

  test.each([
    ['hdmv_pgs_subtitle', /^Subtitle track 4 \(Full, en\) consists of pictures \(PGS/],
    ['dvd_subtitle', /VobSub/],
    ['dvb_subtitle', /DVB/],
    ['arib_caption', /cannot be read and is left out/],
    ['constructor', /cannot be read and is left out/],
  ])('%s is left out with a word about it', (codec, message) => {
    const { text, warnings } = toTextTracks([subtitle(4, codec, { language: 'eng', title: 'Full' })]);
    expect(text).toEqual([]);
    expect(warnings).toEqual([{ type: 'subtitles_dropped', message: expect.stringMatching(message) }]);
  });

  test('more than a menu can hold are cut', () => {
    const { text, warnings } = toTextTracks(Array.from({ length: 40 }, (_, index) => subtitle(index, 'subrip')));
    expect(text).toHaveLength(32);
    expect(warnings).toHaveLength(1);
  });
});

test('sound tracks keep the container order behind the default one, and tracks that end before they begin are none', () => {
  const streams = [1, 2, 3, 4].map((index) => ({
    ...{ index, codec_name: 'aac', channels: 2, sample_rate: 48_000, time_base: '1/48000' },
    disposition: { default: index === 3 ? 1 : 0 },
  }));
  const { audio, warnings } = toAudioTracks(streams, ({ index }) => ({ startMs: 0, endMs: index === 2 ? -5 : 1000 }), 'mov');
  expect(audio.map(({ index, isDefault, isSeekExact }) => [index, isDefault, isSeekExact])).toEqual([
    [3, true, true],
    [1, false, true],
    [4, false, true],
  ]);
  expect(warnings).toEqual([]);
});

test.each([
  ['ISO 639-2 codes', { language: 'fre' }, { language: 'fr' }],
  ['an unknown language', { language: 'und' }, {}],
  ['a language as long as a file may be', { language: `en-x-${'abcdefgh-'.repeat(100)}a` }, {}],
  ['noise for a language', { language: 'x\0"><script>' }, {}],
  ['a title of several lines and controls', { title: ' Director\r\n\u0007 \u202Ecut ' }, { title: 'Director cut' }],
  ['a title of nothing', { title: ' \u200b ' }, {}],
  ['a long title of pictures', { title: `x${'🎬'.repeat(150)}` }, { title: `x${'🎬'.repeat(99)}` }],
  ['a title without end', { title: 'x'.repeat(10_000) }, { title: 'x'.repeat(100) }],
  ['values of another type', { title: 5, language: {} }, {}],
])('%s', (_, tags, expected) => {
  expect(describeTrack({ tags })).toEqual(expected);
});
