import type { AssetQuality } from '@mediaflow/shared/api';
import type { Saving } from '@mediaflow/shared/jobs';
import type { VideoRendition } from '@mediaflow/shared/rendition';
import { findUncompared } from '../comparison.ts';
import type { AssetRow } from '../db/schema.ts';

type Judged = Pick<AssetRow, 'status' | 'video_quality' | 'renditions' | 'measured' | 'quality'>;

/** What is known of each rung: bitrates once all of it is stored, SSIM once it was compared with the source. Pure. */
export function presentQuality(row: Judged): AssetQuality {
  const videos = (row.renditions ?? []).filter((rendition) => rendition.kind === 'video');
  const savings = row.quality?.savings ?? [];
  return {
    status: comparisonStatus(row),
    video_quality: row.video_quality,
    rungs: videos.map((rendition) => presentRung(rendition, row)),
    ...(row.video_quality === 'premium' && savings.length > 0 && { savings: savings.map(presentSaving) }),
  };
}

function comparisonStatus(row: Judged): AssetQuality['status'] {
  if (row.status === 'errored' || row.quality?.isFailed === true) return 'errored';
  return row.status === 'preparing' || findUncompared(row).length > 0 ? 'preparing' : 'ready';
}

function presentRung({ id, codec, width, height }: VideoRendition, { measured, quality }: Judged): AssetQuality['rungs'][number] {
  const size = measured?.find(({ renditionId }) => renditionId === id);
  const likeness = quality?.rungs?.find(({ renditionId }) => renditionId === id);
  return {
    id,
    codec,
    width,
    height,
    ...(size !== undefined && { average_bitrate_bps: size.averageBitrateBps, peak_bitrate_bps: size.peakBitrateBps }),
    ...(likeness !== undefined && { ssim: likeness.ssim, sampled_segments: likeness.sampledSegments }),
  };
}

function presentSaving({ renditionId, ssim, premiumBitrateBps, plusBitrateBps }: Saving): NonNullable<AssetQuality['savings']>[number] {
  return {
    id: renditionId,
    ssim,
    premium_bitrate_bps: premiumBitrateBps,
    plus_bitrate_bps: plusBitrateBps,
    saved_percent: Math.round((1 - premiumBitrateBps / plusBitrateBps) * 1000) / 10,
  };
}
