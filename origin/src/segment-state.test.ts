import { newAssetId } from '@mediaflow/shared/ids';
import type { MediaObject } from '@mediaflow/shared/keys';
import { expect, test } from 'vitest';
import { decideAbsent } from './segment-state.ts';
import { probedOutcome } from './testing/outcomes.ts';

const assetId = newAssetId();
const { timeline, renditions } = probedOutcome(assetId);
const PREPARING = { status: 'preparing', version: 1, timeline, renditions } as const;
const segment = (number: number, renditionId = 'v720'): MediaObject => ({ kind: 'segment', renditionId, number });

test.each([
  ['a segment of the timeline', segment(0), PREPARING, 'pending'],
  ['its last segment', segment(timeline.segmentCount - 1), PREPARING, 'pending'],
  ['one after the last', segment(timeline.segmentCount), PREPARING, 'unknown'],
  ['a rendition nobody planned', segment(0, 'v2160'), PREPARING, 'unknown'],
  ['an init segment', { kind: 'init', renditionId: 'a0' }, PREPARING, 'pending'],
  ['the poster', { kind: 'poster' }, PREPARING, 'pending'],
  ['a playlist', { kind: 'playlist', renditionId: 'v720' }, PREPARING, 'unknown'],
  ['the multivariant playlist', { kind: 'multivariant' }, PREPARING, 'unknown'],
  ['a segment before there is a timeline', segment(0), { ...PREPARING, timeline: null }, 'unknown'],
  ['a segment of another version', segment(0), { ...PREPARING, version: 2 }, 'unknown'],
  ['a segment of an asset that failed', segment(0), { ...PREPARING, status: 'errored' }, 'unknown'],
  ['a segment that a ready asset lost', segment(0), { ...PREPARING, status: 'ready' }, 'unknown'],
  ['a segment of no asset', segment(0), undefined, 'unknown'],
] as const)('%s', (_, object, asset, state) => {
  expect(decideAbsent({ assetId, version: 1, object }, asset)).toMatchObject({ state });
});
