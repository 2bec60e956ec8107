import {
  defaultWriterConfig,
  type MovieFragmentBox,
  type SegmentTypeBox,
  type TrackRunBox,
  writeIsoBox,
  writeIsoBoxes,
} from '@svta/cml-iso-bmff';
import { concatBytes } from './concat-bytes.ts';
import type { Sample } from './fragmented-mp4.ts';
import { TRACK_ID } from './init-segment.ts';

export interface MediaSegment {
  /** Counted from 0 over the whole asset. */
  readonly number: number;
  readonly kind: 'video' | 'audio';
  /** Decoding time of the first sample, and the duration of each, in the track's ticks. */
  readonly startTicks: number;
  readonly sampleTicks: number;
  readonly samples: readonly Sample[];
}

/** Sample flags (ISO/IEC 14496-12, 8.8.3.1): depends on no other sample; or on others and is no sync sample. */
const SYNC_SAMPLE = 0x0200_0000;
const NON_SYNC_SAMPLE = 0x0101_0000;

/** tfhd: default-base-is-moof, default duration, default flags (8.8.7.1). */
const TFHD_FLAGS = 0x02_0000 | 0x08 | 0x20;
/** trun: data offset, sizes; for video also the first sample's flags and composition offsets (8.8.8.1). */
const AUDIO_TRUN_FLAGS = 0x01 | 0x200;
const VIDEO_TRUN_FLAGS = AUDIO_TRUN_FLAGS | 0x04 | 0x800;
const BOX_HEADER_BYTES = 8;

/** A segment as it is stored. */
export interface PackagedSegment {
  /** Counted from 0 over the whole asset. */
  readonly number: number;
  readonly bytes: Uint8Array;
  /** Video only: from the segment's start to the end of its first sample, all that showing its first picture takes. */
  readonly keyframeBytes?: number;
}

/** One CMAF segment of one chunk (ISO/IEC 23000-19, 7.3.3): `styp`, `moof`, `mdat`. */
export function stringifyMediaSegment(segment: MediaSegment): PackagedSegment {
  const styp: SegmentTypeBox = { type: 'styp', majorBrand: 'msdh', minorVersion: 0, compatibleBrands: ['msdh', 'msix', 'cmfs'] };
  const config = defaultWriterConfig();
  // Boxes have the same length whatever the offset is, so the first pass measures and the second is right.
  const moofBytes = writeIsoBox(fragment(segment, 0), config).byteLength;
  const mdat = { type: 'mdat' as const, data: concatBytes(segment.samples.map((sample) => sample.data)) };
  const bytes = concatBytes(writeIsoBoxes([styp, fragment(segment, moofBytes + BOX_HEADER_BYTES), mdat], config));
  if (segment.kind === 'audio') return { number: segment.number, bytes };
  const firstSampleBytes = segment.samples[0]?.data.byteLength ?? 0;
  return { number: segment.number, bytes, keyframeBytes: bytes.byteLength - mdat.data.byteLength + firstSampleBytes };
}

function fragment({ number, kind, startTicks, sampleTicks, samples }: MediaSegment, dataOffset: number): MovieFragmentBox {
  return {
    type: 'moof',
    boxes: [
      { type: 'mfhd', version: 0, flags: 0, sequenceNumber: number + 1 },
      {
        type: 'traf',
        boxes: [
          {
            type: 'tfhd',
            version: 0,
            flags: TFHD_FLAGS,
            trackId: TRACK_ID,
            defaultSampleDuration: sampleTicks,
            defaultSampleFlags: kind === 'video' ? NON_SYNC_SAMPLE : SYNC_SAMPLE,
          },
          { type: 'tfdt', version: 1, flags: 0, baseMediaDecodeTime: startTicks },
          run(kind, samples, dataOffset),
        ],
      },
    ],
  };
}

function run(kind: MediaSegment['kind'], samples: readonly Sample[], dataOffset: number): TrackRunBox {
  return {
    type: 'trun',
    version: 0,
    flags: kind === 'video' ? VIDEO_TRUN_FLAGS : AUDIO_TRUN_FLAGS,
    sampleCount: samples.length,
    dataOffset,
    firstSampleFlags: SYNC_SAMPLE,
    samples: samples.map(({ data, compositionOffset }) => ({
      sampleSize: data.byteLength,
      sampleCompositionTimeOffset: compositionOffset,
    })),
  };
}
