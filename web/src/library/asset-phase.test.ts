import { type Asset, assetSchema } from '@mediaflow/shared/api';
import { describe, expect, it } from 'vitest';
import { isFinal, isPlayable, labelOf, phaseOf, remainingOf, titleOf } from './asset-phase.ts';

function asset(changes: Partial<Record<keyof Asset, unknown>> = {}): Asset {
  return assetSchema.parse({
    id: '0'.repeat(32),
    created_at: '1795000000',
    encoding_tier: 'smart',
    master_access: 'none',
    max_resolution_tier: '1080p',
    progress: { state: 'transcoding', progress: 0 },
    status: 'preparing',
    video_quality: 'plus',
    ...changes,
  });
}

const playable = (progress: number, eta_seconds?: number) =>
  asset({ playable_at: '1795000001', progress: { state: 'transcoding', progress, eta_seconds } });
const errored = (errors?: unknown) => asset({ status: 'errored', ...(errors !== undefined && { errors }) });

describe('phaseOf', () => {
  it.each([
    ['without a timeline', asset(), 'Preparing', false, false],
    ['with a timeline', playable(42.9), 'Playable – encoding 42 %', false, true],
    ['with the last segment stored', playable(100), 'Playable – encoding 99 %', false, true],
    ['with everything', asset({ status: 'ready', playable_at: '1795000001' }), 'Ready', true, true],
    ['that failed', errored(), 'Errored', true, false],
    ['that failed after it was playable', asset({ status: 'errored', playable_at: '1795000001' }), 'Errored', true, false],
  ])('an asset %s', (_, value, label, final, playableNow) => {
    expect([labelOf(phaseOf(value)), isFinal(value), isPlayable(value)]).toEqual([label, final, playableNow]);
  });

  it('tells how long it takes where there is a pace', () => {
    expect([playable(42.9, 75), playable(42.9), asset()].map((value) => remainingOf(phaseOf(value)))).toEqual([
      '1 min left',
      undefined,
      undefined,
    ]);
  });

  it('gives the reason and what to do about it', () => {
    expect(phaseOf(errored({ type: 'not_media', messages: ['This is not a media file.'] }))).toEqual({
      kind: 'errored',
      reason: 'This is not a media file.',
      advice: expect.stringContaining('Upload a video'),
    });
  });

  it.each([[undefined], [{ type: 'never_heard_of', messages: [] }], [{ type: 'toString', messages: [] }]])('has words for %j', (errors) => {
    const phase = phaseOf(errored(errors));
    expect(phase).toMatchObject({ reason: expect.stringMatching(/\w/), advice: expect.stringMatching(/\w/) });
  });
});

describe('titleOf', () => {
  it.each([
    [{ title: 'A film' }, 'A film'],
    [{ title: '  ' }, 'Untitled'],
    [undefined, 'Untitled'],
  ])('%j', (meta, expected) => expect(titleOf(asset(meta === undefined ? {} : { meta }))).toBe(expected));
});
