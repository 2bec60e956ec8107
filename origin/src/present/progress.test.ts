import { newAssetId } from '@mediaflow/shared/ids';
import { planRenditions } from '@mediaflow/shared/ladder';
import { expect, test } from 'vitest';
import { probedOutcome, SOURCE } from '../testing/outcomes.ts';
import { presentProgress, storedPercent } from './progress.ts';

const { timeline } = probedOutcome(newAssetId());
const PLAYABLE_AT = new Date(1_700_000_000_000);
const NEW = {
  status: 'preparing',
  source: null,
  timeline: null,
  renditions: null,
  playable_at: null,
  is_analysis_due: false,
  stored_segments: 0,
  total_segments: 0,
} as const;
const PLAYABLE = { ...NEW, timeline, playable_at: PLAYABLE_AT, stored_segments: 10, total_segments: 40 };

const afterSeconds = (seconds: number): Date => new Date(PLAYABLE_AT.getTime() + seconds * 1000);

test.each([
  ['nothing is known', NEW, 0, { state: 'ingesting', progress: 0 }],
  ['a quarter took 20 s', PLAYABLE, 20, { state: 'transcoding', progress: 25, eta_seconds: 60 }],
  ['a part of a second is rounded up', PLAYABLE, 0.1, { state: 'transcoding', progress: 25, eta_seconds: 1 }],
  ['too few segments tell a pace', { ...PLAYABLE, stored_segments: 4 }, 20, { state: 'transcoding', progress: 10 }],
  [
    'no pace can be told, because an analysis will add more',
    { ...PLAYABLE, is_analysis_due: true },
    20,
    { state: 'transcoding', progress: 25 },
  ],
  ['this clock is behind the one that wrote', PLAYABLE, -5, { state: 'transcoding', progress: 25, eta_seconds: 0 }],
  ['all is stored but the subtitles', { ...PLAYABLE, stored_segments: 40 }, 20, { state: 'transcoding', progress: 99, eta_seconds: 0 }],
  ['all is stored', { ...PLAYABLE, status: 'ready', stored_segments: 40 }, 20, { state: 'completed', progress: 100 }],
  ['it failed', { ...PLAYABLE, status: 'errored' }, 20, { state: 'errored', progress: 25 }],
] as const)('progress while %s', (_, row, seconds, progress) => {
  expect(presentProgress(row, afterSeconds(seconds))).toEqual(progress);
});

test.each([
  [0, 0, 0],
  [0, 3, 0],
  [1, 3, 33],
  [2, 3, 66],
  [999, 1000, 99],
  [3, 3, 100],
])('%i of %i segments are %i per cent', (stored_segments, total_segments, percent) => {
  expect(storedPercent({ ...NEW, stored_segments, total_segments })).toBe(percent);
});

test('what an analysis may add counts before it is known, so that progress never falls', () => {
  const { renditions } = probedOutcome(newAssetId(), 1, SOURCE, { quality: 'premium' });
  const count = timeline.segmentCount;
  const opening = { ...PLAYABLE, source: SOURCE, renditions: [...renditions], stored_segments: 2 * count, total_segments: 2 * count };
  const rungs = planRenditions(SOURCE, timeline).filter(({ kind }) => kind === 'video').length;
  expect(rungs).toBeGreaterThan(2);
  const before = storedPercent({ ...opening, is_analysis_due: true });
  expect(before).toBe(Math.floor((2 / (1 + rungs)) * 100));
  // Two rungs less than plus has, and all of them.
  for (const chosen of [rungs - 2, rungs])
    expect(storedPercent({ ...opening, total_segments: (1 + chosen) * count })).toBeGreaterThanOrEqual(before);
});
