import { newAssetId } from '@mediaflow/shared/ids';
import type { OutcomePayload } from '@mediaflow/shared/jobs';
import { expect, test } from 'vitest';
import { encodedOutcomes, failedOutcome, probedOutcome } from '../testing/outcomes.ts';
import { countSegments, decideOutcome } from './decide.ts';

const assetId = newAssetId();
const probed = probedOutcome(assetId);
const { timeline } = probed;
const [encoded = probed] = encodedOutcomes(probed);
const poster: OutcomePayload = { kind: 'poster', assetId, version: 1 };

const NEW = { status: 'preparing', version: 1, timeline: null } as const;
const PLAYABLE = { ...NEW, timeline } as const;
const READY = { ...PLAYABLE, status: 'ready' } as const;
const ERRORED = { ...PLAYABLE, status: 'errored' } as const;

test.each([
  ['a probe of a new asset', probed, NEW, 'play'],
  ['a second probe', probed, PLAYABLE, 'ignore'],
  ['a probe after the asset failed', probed, { ...ERRORED, timeline: null }, 'ignore'],
  ['a unit', encoded, PLAYABLE, 'store-unit'],
  ['a unit of a ready asset', encoded, READY, 'ignore'],
  ['a unit of a failed asset', encoded, ERRORED, 'ignore'],
  ['a unit without a timeline', encoded, NEW, 'ignore'],
  ['a poster', poster, READY, 'show-poster'],
  ['a failed probe', failedOutcome(assetId, 'probe'), NEW, 'fail'],
  ['a failed probe after one that succeeded', failedOutcome(assetId, 'probe'), PLAYABLE, 'ignore'],
  ['a failed unit', failedOutcome(assetId, 'encode', 'encode_failed'), PLAYABLE, 'fail'],
  ['a failed unit of a ready asset', failedOutcome(assetId, 'encode'), READY, 'ignore'],
  ['a failed poster', failedOutcome(assetId, 'poster'), PLAYABLE, 'ignore'],
  ['an outcome of another version', encoded, { ...PLAYABLE, version: 2 }, 'ignore'],
  ['what was made for a deleted asset', encoded, undefined, 'purge'],
  ['a failure of a deleted asset', failedOutcome(assetId, 'probe'), undefined, 'ignore'],
] as const)('%s', (_, outcome, asset, action) => {
  expect(decideOutcome(outcome, asset)).toMatchObject({ action });
});

test('a failure keeps its code if it is one of ours', () => {
  expect(decideOutcome(failedOutcome(assetId, 'probe', 'truncated'), NEW)).toMatchObject({ code: 'truncated' });
  expect(decideOutcome(failedOutcome(assetId, 'probe', 'EIO'), NEW)).toMatchObject({ code: 'internal' });
});

test('the units of an asset hold all its segments', () => {
  const total = probed.units.reduce((sum, unit) => sum + countSegments(unit), 0);
  expect(total).toBe(probed.renditions.length * timeline.segmentCount);
});
