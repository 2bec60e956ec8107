import { newAssetId } from '@mediaflow/shared/ids';
import type { OutcomePayload } from '@mediaflow/shared/jobs';
import { describe, expect, test } from 'vitest';
import { failedOutcome, probedOutcome, storedOutcomes, urgentOutcome } from '../testing/outcomes.ts';
import { decideFailure, decideOutcome, taskOf } from './decide.ts';

const assetId = newAssetId();
const ref = { assetId, version: 1 };
const probed = probedOutcome(assetId);
const { timeline, renditions, units } = probed;
const [stored = probed] = storedOutcomes(probed);
const urgent = urgentOutcome(assetId, 'v720', 0);
const poster: OutcomePayload = { kind: 'poster', ...ref };
const published: OutcomePayload = { kind: 'published', ...ref, revision: 1 };
const analyzed: OutcomePayload = { kind: 'analyzed', ...ref, renditions, units, savings: [] };

const NEW = { status: 'preparing', version: 1, timeline: null, is_analysis_due: false } as const;
const PLAYABLE = { ...NEW, timeline } as const;
const ANALYSIS = { ...PLAYABLE, is_analysis_due: true } as const;
const READY = { ...PLAYABLE, status: 'ready' } as const;
const ERRORED = { ...PLAYABLE, status: 'errored' } as const;

test.each([
  ['a probe of a new asset', probed, NEW, 'accept'],
  ['a second probe', probed, PLAYABLE, 'ignore'],
  ['a probe after the asset failed', probed, { ...ERRORED, timeline: null }, 'ignore'],
  ['a unit', stored, PLAYABLE, 'accept'],
  ['a unit of a ready asset: made again, or of the second codec', stored, READY, 'accept'],
  ['a unit of a failed asset: it may be taken up again', stored, ERRORED, 'accept'],
  ['a unit without a timeline', stored, NEW, 'ignore'],
  ['a segment made on demand', urgent, PLAYABLE, 'accept'],
  ['one of a ready asset', urgent, READY, 'accept'],
  ['an analysis', analyzed, ANALYSIS, 'accept'],
  ['a second analysis', analyzed, PLAYABLE, 'ignore'],
  ['a revision', published, READY, 'accept'],
  ['a poster', poster, READY, 'accept'],
  ['a failure', failedOutcome(assetId, 'probe'), NEW, 'accept'],
  ['an outcome of another version', stored, { ...PLAYABLE, version: 2 }, 'ignore'],
  ['what was made for a deleted asset', stored, undefined, 'purge'],
  ['a failure of a deleted asset: a part may be stored', failedOutcome(assetId, 'encode'), undefined, 'purge'],
] as const)('%s', (_, outcome, asset, action) => {
  expect(decideOutcome(outcome, asset)).toMatchObject({ action });
});

describe('a job that was given up', () => {
  const UNIT = { fence: 2, done_at: null, is_extra: false } as const;
  const encode = (fence: number) => failedOutcome(assetId, 'encode', 'encode_failed', { unitId: 'u', fence });

  test.each([
    ['a probe', failedOutcome(assetId, 'probe'), NEW, {}, 'end-asset'],
    ['a probe after one that succeeded', failedOutcome(assetId, 'probe'), PLAYABLE, {}, 'ignore'],
    ['a probe that failed before', failedOutcome(assetId, 'probe'), { ...ERRORED, timeline: null }, {}, 'ignore'],
    ['a unit', encode(2), PLAYABLE, { unit: UNIT }, 'end-asset'],
    ['a unit under an old fence', encode(1), PLAYABLE, { unit: UNIT }, 'ignore'],
    ['a unit that another worker finished', encode(2), PLAYABLE, { unit: { ...UNIT, done_at: new Date() } }, 'ignore'],
    ['a unit that is not known', encode(2), PLAYABLE, {}, 'ignore'],
    ['a unit of a failed asset', encode(2), ERRORED, { unit: UNIT }, 'ignore'],
    ['a unit of the second codec', encode(2), READY, { unit: { ...UNIT, is_extra: true } }, 'give-up-unit'],
    ['a segment for a viewer', failedOutcome(assetId, 'urgent'), PLAYABLE, {}, 'note'],
    ['subtitles', failedOutcome(assetId, 'text'), PLAYABLE, { isTaskOpen: true }, 'drop-text'],
    ['subtitles that are stored but once more', failedOutcome(assetId, 'text'), READY, {}, 'note'],
    ['an analysis', failedOutcome(assetId, 'analyze'), ANALYSIS, {}, 'fall-back'],
    ['a second analysis', failedOutcome(assetId, 'analyze'), PLAYABLE, {}, 'ignore'],
    ['a comparison', failedOutcome(assetId, 'measure'), READY, {}, 'give-up-comparison'],
    ['a revision', failedOutcome(assetId, 'publish'), READY, {}, 'note'],
    ['a poster', failedOutcome(assetId, 'poster'), PLAYABLE, {}, 'note'],
  ] as const)('%s', (_, failure, asset, state, action) => {
    expect(decideFailure(failure, asset, { unit: undefined, isTaskOpen: false, ...state })).toMatchObject({ action });
  });

  test('keeps its code if it is one of ours', () => {
    const decide = (code: string) => decideFailure(failedOutcome(assetId, 'probe', code), NEW, { unit: undefined, isTaskOpen: true });
    expect(decide('truncated')).toMatchObject({ code: 'truncated' });
    expect(decide('EIO')).toMatchObject({ code: 'internal' });
  });
});

test.each<[OutcomePayload, string | undefined]>([
  [probed, 'probe'],
  [stored, undefined],
  [{ kind: 'extracted', ...ref, renditionId: 't1', cueCount: 0, warnings: [] }, 'text_t1'],
  [published, 'publish_1'],
  [analyzed, 'analyze'],
  [poster, 'poster'],
  [failedOutcome(assetId, 'text', 'internal', { renditionId: 't0' }), 'text_t0'],
  [failedOutcome(assetId, 'publish', 'internal', { number: 2 }), 'publish_2'],
  [failedOutcome(assetId, 'urgent', 'internal', { renditionId: 'v720', number: 2 }), undefined],
  [failedOutcome(assetId, 'measure'), 'measure'],
])('$kind ends the task %s', (outcome, task) => {
  expect(taskOf(outcome)).toBe(task);
});
