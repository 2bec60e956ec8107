import { toNumber } from '@mediaflow/shared/rational';
import type { AudioStream, VideoStream } from '@mediaflow/shared/source';

export type FrameGrid = NonNullable<AudioStream['frameGrid']>;

/**
 * Samples in a frame of codecs that cut sound into equal ones and decode a frame from its nearest neighbours alone; the
 * longest first, because the first that fits counts. (ISO/IEC 14496-3: 1024, with SBR 2048; 11172-3: 1152, 13818-3: 576;
 * ATSC A/52: 1536; RFC 6716: 2.5 to 60 ms; ETSI TS 102 114: 512 and more; FLAC: what encoders choose.)
 */
const FRAME_SAMPLES: Readonly<Record<string, readonly number[]>> = {
  aac: [2048, 1024],
  mp3: [1152, 576],
  mp2: [1152],
  ac3: [1536],
  eac3: [1536, 768, 512, 256],
  opus: [2880, 1920, 960, 480],
  dts: [2048, 1024, 512],
  flac: [4608, 4096, 2304, 2048, 1152, 1024, 576],
  alac: [4096],
};

/** A clock of milliseconds is off by half of one, at the frame as at the first one; splitting packets adds a little. */
const TOLERANCE_MS = 1.25;
/** A shorter frame's timestamp could be its neighbour's. */
const MIN_FRAME_MS = 5;

export const mayHaveFrameGrid = (codec: string): boolean => Object.hasOwn(FRAME_SAMPLES, codec);

/**
 * The grid on which a track's frames lie: undefined where the clock drifts from the samples, where it jumps, or where
 * frames differ in length.
 *
 * @param packetsMs timestamps of packets at several places of the file, the first of all of them first
 * @param sourceStartMs of the source, which `startMs` of the grid counts from
 */
export function findFrameGrid(
  { codec, sampleRateHz }: Pick<AudioStream, 'codec' | 'sampleRateHz'>,
  packetsMs: readonly number[],
  sourceStartMs: number,
): FrameGrid | undefined {
  const [firstMs] = packetsMs;
  if (firstMs === undefined || !mayHaveFrameGrid(codec)) return undefined;
  const samples = FRAME_SAMPLES[codec]?.find((length) => {
    const frameMs = (length * 1000) / sampleRateHz;
    return frameMs >= MIN_FRAME_MS && areOnGrid(packetsMs, frameMs);
  });
  return samples === undefined ? undefined : { startMs: Math.round((firstMs - sourceStartMs) * 1000) / 1000, samples };
}

/** Whether pictures come on the points of the grid that their rate sets, and not at times of their own; missing ones do not matter. */
export const areEven = (packetsMs: readonly number[] = [], { frameRate }: Pick<VideoStream, 'frameRate'>): boolean =>
  packetsMs.length > 0 && areOnGrid(packetsMs, 1000 / toNumber(frameRate));

/** Counted from the first. */
function areOnGrid([firstMs = 0, ...packetsMs]: readonly number[], stepMs: number): boolean {
  return packetsMs.every((ms) => Math.abs(ms - firstMs - Math.round((ms - firstMs) / stepMs) * stepMs) <= TOLERANCE_MS);
}
