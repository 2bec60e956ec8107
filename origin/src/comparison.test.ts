import { newAssetId } from '@mediaflow/shared/ids';
import type { VideoRendition } from '@mediaflow/shared/rendition';
import { expect, test } from 'vitest';
import { findUncompared } from './comparison.ts';
import { probedOutcome } from './testing/outcomes.ts';

const { renditions } = probedOutcome(newAssetId());
const [largest] = renditions.filter((rendition): rendition is VideoRendition => rendition.kind === 'video');
if (largest === undefined) throw new Error('no video planned');
const extra: VideoRendition = { ...largest, id: `${largest.id}-av1`, codec: 'av1' };
const READY = { status: 'ready', renditions: [...renditions, extra], measured: [], quality: null } as const;
const likeness = (renditionId: string) => ({ renditionId, ssim: 0.9, sampledSegments: 1 });
const first = renditions.flatMap(({ id, kind }) => (kind === 'video' ? id : []));

test.each([
  ['of a ready asset all of the first codec', READY, first],
  [
    'the second codec once all of it is stored',
    { ...READY, measured: [{ renditionId: extra.id, averageBitrateBps: 1, peakBitrateBps: 1 }] },
    [...first, extra.id],
  ],
  ['nothing twice', { ...READY, quality: { rungs: first.map(likeness) } }, []],
  ['what is new', { ...READY, quality: { rungs: first.slice(1).map(likeness) } }, first.slice(0, 1)],
  ['nothing before it is ready', { ...READY, status: 'preparing' }, []],
  ['nothing after it was given up', { ...READY, quality: { isFailed: true } }, []],
  ['nothing where there is nothing', { ...READY, renditions: null }, []],
] as const)('compares %s', (_, asset, expected) => {
  expect(findUncompared(asset).map(({ id }) => id)).toEqual(expected);
});
