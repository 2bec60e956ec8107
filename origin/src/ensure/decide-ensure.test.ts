import { newAssetId } from '@mediaflow/shared/ids';
import type { MediaObject } from '@mediaflow/shared/keys';
import { planRenditions } from '@mediaflow/shared/ladder';
import type { Source } from '@mediaflow/shared/source';
import { fixTimeline } from '@mediaflow/shared/timeline';
import { expect, test } from 'vitest';
import { SUBTITLED } from '../testing/outcomes.ts';
import { decideEnsure, type EnsureAsset } from './decide-ensure.ts';

const assetId = newAssetId();
const { video, ...sound } = SUBTITLED;
/** More than one segment of subtitles. */
const source: Source = { ...SUBTITLED, durationMs: 70_000, ...(video && { video: { ...video, endMs: 70_000 } }) };
const timeline = fixTimeline(source);
const PLAYABLE: EnsureAsset = {
  status: 'preparing',
  version: 1,
  source,
  timeline,
  renditions: planRenditions(source, timeline),
  playlist_revision: 0,
};
const READY: EnsureAsset = { ...PLAYABLE, status: 'ready', playlist_revision: 2 };

const segment = (number: number, renditionId = 'v720'): MediaObject => ({ kind: 'segment', renditionId, number });
const last = timeline.segmentCount - 1;

test.each<[string, MediaObject, EnsureAsset, unknown]>([
  ['a segment', segment(3), PLAYABLE, { kind: 'segment', renditionId: 'v720', number: 3 }],
  ['the last segment', segment(last), PLAYABLE, { kind: 'segment', renditionId: 'v720', number: last }],
  ['a segment of sound', segment(1, 'a0'), PLAYABLE, { kind: 'segment', renditionId: 'a0', number: 1 }],
  ['a segment that a ready asset lost', segment(3), READY, { kind: 'segment', renditionId: 'v720', number: 3 }],
  ['an init segment', { kind: 'init', renditionId: 'a0' }, PLAYABLE, { kind: 'segment', renditionId: 'a0', number: 0 }],
  ['subtitles', segment(1, 't0'), PLAYABLE, { kind: 'text', renditionId: 't0' }],
  ['the poster', { kind: 'poster' }, PLAYABLE, { kind: 'poster' }],
  ['the first multivariant playlist', { kind: 'multivariant', revision: 0 }, PLAYABLE, { kind: 'publish', revision: 0 }],
  ['the first of a later revision', { kind: 'multivariant', revision: 0 }, READY, { kind: 'publish', revision: 0 }],
  ['the manifest that counts', { kind: 'dash', revision: 2 }, READY, { kind: 'publish', revision: 2 }],
  ['a media playlist', { kind: 'playlist', renditionId: 't0' }, READY, { kind: 'publish', revision: 2 }],
  ['an I-frame playlist', { kind: 'iframes', renditionId: 'v720' }, READY, { kind: 'publish', revision: 2 }],
])('%s is made by a job', (_, object, asset, decision) => {
  expect(decideEnsure({ assetId, version: 1, object }, asset)).toEqual(decision);
});

test.each<[string, MediaObject, EnsureAsset | undefined]>([
  ['a segment after the last', segment(last + 1), PLAYABLE],
  ['subtitles after the last', segment(2, 't0'), PLAYABLE],
  ['a rendition that nobody planned', segment(0, 'v2160'), PLAYABLE],
  ['its init segment', { kind: 'init', renditionId: 'a1' }, PLAYABLE],
  ['a revision that is still to come', { kind: 'multivariant', revision: 3 }, READY],
  ['an I-frame playlist before anything is measured', { kind: 'iframes', renditionId: 'v720' }, PLAYABLE],
  ['a picture of sound', { kind: 'poster' }, { ...PLAYABLE, source: { ...sound } }],
  ['a segment before there is a timeline', segment(0), { ...PLAYABLE, timeline: null }],
  ['a segment of another version', segment(0), { ...PLAYABLE, version: 2 }],
  ['a segment of an asset that failed', segment(0), { ...PLAYABLE, status: 'errored' }],
  ['a segment of no asset', segment(0), undefined],
])('%s is unknown', (_, object, asset) => {
  expect(decideEnsure({ assetId, version: 1, object }, asset)).toEqual({ kind: 'unknown' });
});
