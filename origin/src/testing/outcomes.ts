import type { AssetId } from '@mediaflow/shared/ids';
import type { OutcomePayload } from '@mediaflow/shared/jobs';
import { type LadderOptions, planRenditions } from '@mediaflow/shared/ladder';
import type { Source } from '@mediaflow/shared/source';
import { fixTimeline } from '@mediaflow/shared/timeline';
import { planUnits } from '@mediaflow/shared/units';

type OutcomeOf<Kind extends OutcomePayload['kind']> = Extract<OutcomePayload, { kind: Kind }>;
export type Probed = OutcomeOf<'probed'>;
export type Stored = OutcomeOf<'stored'>;
export type Failed = OutcomeOf<'failed'>;

/** Half a minute of 720p with sound. */
export const SOURCE: Source = {
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
  text: [],
  warnings: [],
};

/** With a subtitle track. */
export const SUBTITLED: Source = {
  ...SOURCE,
  text: [{ index: 2, codec: 'subrip', language: 'de', isDefault: true, isForced: false }],
};

/** What a worker reports of a source. */
export function probedOutcome(assetId: AssetId, version = 1, source = SOURCE, options: LadderOptions = {}): Probed {
  const timeline = fixTimeline(source);
  const renditions = planRenditions(source, timeline, options);
  return {
    kind: 'probed',
    assetId,
    version,
    source,
    timeline,
    renditions: [...renditions],
    units: planUnits(timeline, renditions).map((unit) => ({ ...unit, renditionIds: [...unit.renditionIds] })),
    isAnalysisDue: options.quality === 'premium',
  };
}

/** Bytes of every segment that these outcomes report, and of its first picture. */
export const SEGMENT_BYTES = 1_000;
const KEYFRAME_BYTES = 300;

/** What workers report of all units, each handed out once. */
export function storedOutcomes({ assetId, version, units }: Pick<Probed, 'assetId' | 'version' | 'units'>, fence = 1): readonly Stored[] {
  return units.map((unit) => ({
    kind: 'stored',
    assetId,
    version,
    unit: { id: unit.id, fence },
    segments: unit.renditionIds.map((renditionId) => ({
      renditionId,
      firstSegment: unit.firstSegment,
      sizesBytes: Array.from({ length: unit.segmentCount }, () => SEGMENT_BYTES),
      ...(renditionId.startsWith('v') && { keyframeBytes: Array.from({ length: unit.segmentCount }, () => KEYFRAME_BYTES) }),
    })),
  }));
}

/** What a worker reports of one segment that a viewer waited for. */
export function urgentOutcome(assetId: AssetId, renditionId: string, number: number, version = 1): Stored {
  return {
    kind: 'stored',
    assetId,
    version,
    segments: [
      {
        renditionId,
        firstSegment: number,
        sizesBytes: [SEGMENT_BYTES],
        ...(renditionId.startsWith('v') && { keyframeBytes: [KEYFRAME_BYTES] }),
      },
    ],
  };
}

/** @param more which unit or rendition it was, and under which fence */
export function failedOutcome(assetId: AssetId, job: Failed['job'], code = 'not_media', more: Partial<Failed> = {}): Failed {
  return {
    kind: 'failed',
    assetId,
    version: 1,
    job,
    attempts: 1,
    error: {
      code,
      message: 'This file is not a video.',
      details: { argv: 'ffmpeg -i source', exitCode: 1, stderrTail: 'moov atom not found' },
    },
    ...more,
  };
}
