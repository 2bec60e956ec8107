import type { AssetId } from '@mediaflow/shared/ids';
import type { OutcomePayload } from '@mediaflow/shared/jobs';
import { planRenditions } from '@mediaflow/shared/ladder';
import type { Source } from '@mediaflow/shared/source';
import { fixTimeline } from '@mediaflow/shared/timeline';
import { planUnits } from '@mediaflow/shared/units';

export type Probed = Extract<OutcomePayload, { kind: 'probed' }>;
export type Encoded = Extract<OutcomePayload, { kind: 'encoded' }>;

const SOURCE: Source = {
  demuxer: 'mov,mp4,m4a,3gp,3g2,mj2',
  sizeBytes: 17,
  startMs: 0,
  durationMs: 30_000,
  video: {
    index: 0,
    codec: 'h264',
    width: 1280,
    height: 720,
    frameRate: { num: 25, den: 1 },
    startMs: 0,
    endMs: 30_000,
    pixelFormat: 'yuv420p',
    isInterlaced: false,
    isHdr: false,
  },
  audio: [{ index: 1, codec: 'aac', channels: 2, sampleRateHz: 48_000, startMs: 0, endMs: 30_000 }],
};

/** What a worker reports of half a minute of 720p with sound. */
export function probedOutcome(assetId: AssetId, version = 1, source = SOURCE): Probed {
  const timeline = fixTimeline(source);
  const renditions = planRenditions(source, timeline);
  return {
    kind: 'probed',
    assetId,
    version,
    source,
    timeline,
    renditions: [...renditions],
    units: planUnits(timeline, renditions).map((unit) => ({ ...unit, renditionIds: [...unit.renditionIds] })),
  };
}

export function encodedOutcomes({ assetId, version, units }: Probed): readonly Encoded[] {
  return units.map((unit) => ({
    kind: 'encoded',
    assetId,
    version,
    unitId: unit.id,
    segments: unit.renditionIds.map((renditionId) => ({
      renditionId,
      sizesBytes: Array.from({ length: unit.segmentCount }, () => 1_000),
    })),
  }));
}

export function failedOutcome(assetId: AssetId, job: 'probe' | 'encode' | 'poster', code = 'not_media'): OutcomePayload {
  return { kind: 'failed', assetId, version: 1, job, error: { code, message: 'This file is not a video.', details: {} } };
}
