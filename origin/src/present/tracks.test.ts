import { planRenditions } from '@mediaflow/shared/ladder';
import type { Source } from '@mediaflow/shared/source';
import { fixTimeline } from '@mediaflow/shared/timeline';
import { expect, test } from 'vitest';
import { SUBTITLED } from '../testing/outcomes.ts';
import { presentTracks } from './tracks.ts';

const SOUND = { codec: 'aac', channels: 6, sampleRateHz: 48_000, startMs: 0, endMs: 30_000 };
const SOURCE: Source = {
  ...SUBTITLED,
  audio: [
    { ...SOUND, index: 1, language: 'en', title: 'Film' },
    { ...SOUND, index: 2, language: 'de', title: "Director's commentary" },
  ],
  text: SUBTITLED.text.map((stream) => ({ ...stream, title: 'Untertitel' })),
};
const { video: _, ...SOUND_ONLY } = SOURCE;

const tracksOf = (source: Source, status: 'preparing' | 'ready' | 'errored' = 'ready') =>
  presentTracks(source, planRenditions(source, fixTimeline(source)), { status, duration: 30, frameRate: 25 });

test('every track that a player can choose is listed, one sound track as the primary one', () => {
  expect(tracksOf(SOURCE)).toEqual([
    { id: 'v0', type: 'video', duration: 30, max_width: 1280, max_height: 720, max_frame_rate: 25 },
    { id: 'a0', type: 'audio', duration: 30, max_channels: 2, name: 'Film', language_code: 'en', primary: true },
    { id: 'a1', type: 'audio', duration: 30, max_channels: 2, name: "Director's commentary", language_code: 'de', primary: false },
    {
      id: 't0',
      type: 'text',
      duration: 30,
      text_type: 'subtitles',
      text_source: 'embedded',
      name: 'Untertitel',
      language_code: 'de',
      status: 'ready',
    },
  ]);
});

test('sound alone has no picture to describe', () => {
  expect(tracksOf({ ...SOUND_ONLY, text: [] }).map(({ id }) => id)).toEqual(['a0', 'a1']);
});

test.each(['preparing', 'ready', 'errored'] as const)('subtitles of an asset that is %s', (status) => {
  expect(tracksOf(SOURCE, status).at(-1)).toMatchObject({ type: 'text', status });
});
