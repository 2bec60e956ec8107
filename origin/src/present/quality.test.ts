import { assetQualitySchema } from '@mediaflow/shared/api';
import { newAssetId } from '@mediaflow/shared/ids';
import { expect, test } from 'vitest';
import { probedOutcome } from '../testing/outcomes.ts';
import { presentQuality } from './quality.ts';

const { renditions } = probedOutcome(newAssetId());
const PREPARING = { status: 'preparing', video_quality: 'plus', renditions, measured: null, quality: null } as const;
const READY = { ...PREPARING, status: 'ready' } as const;
const RUNGS = [{ renditionId: 'v720', ssim: 0.98, sampledSegments: 6 }];
const AUDIO_ONLY = renditions.filter(({ kind }) => kind === 'audio');
const ALL_RUNGS = renditions.flatMap(({ id, kind }) => (kind === 'video' ? { renditionId: id, ssim: 0.98, sampledSegments: 6 } : []));

test.each([
  ['in preparation', PREPARING, 'preparing'],
  ['before anything is known', { ...PREPARING, renditions: null }, 'preparing'],
  ['ready and never compared', READY, 'preparing'],
  ['ready with a part compared', { ...READY, quality: { rungs: RUNGS } }, 'preparing'],
  ['ready and compared', { ...READY, quality: { rungs: ALL_RUNGS } }, 'ready'],
  ['ready and the comparison given up', { ...READY, quality: { isFailed: true } }, 'errored'],
  ['ready without a picture', { ...READY, renditions: AUDIO_ONLY }, 'ready'],
  ['errored', { ...PREPARING, status: 'errored' }, 'errored'],
] as const)('%s', (_, row, status) => {
  expect(presentQuality(row).status).toBe(status);
});

test('each rung shows what is known of it', () => {
  const measured = [{ renditionId: 'v720', averageBitrateBps: 2_000_000, peakBitrateBps: 3_000_000 }];
  const answer = presentQuality({ ...READY, measured, quality: { rungs: RUNGS } });
  expect(assetQualitySchema.parse(answer)).toEqual(answer);
  expect(answer.rungs[0]).toEqual({
    id: 'v720',
    codec: 'h264',
    width: 1280,
    height: 720,
    average_bitrate_bps: 2_000_000,
    peak_bitrate_bps: 3_000_000,
    ssim: 0.98,
    sampled_segments: 6,
  });
  expect(answer.rungs[1]).toEqual({ id: 'v480', codec: 'h264', width: expect.any(Number), height: 480 });
});

test('premium shows what it saved, and plus nothing', () => {
  const quality = { savings: [{ renditionId: 'v720', ssim: 0.97, premiumBitrateBps: 1_500_000, plusBitrateBps: 2_000_000 }] };
  expect(presentQuality({ ...READY, video_quality: 'premium', quality }).savings).toEqual([
    { id: 'v720', ssim: 0.97, premium_bitrate_bps: 1_500_000, plus_bitrate_bps: 2_000_000, saved_percent: 25 },
  ]);
  expect(presentQuality({ ...READY, quality })).not.toHaveProperty('savings');
});
