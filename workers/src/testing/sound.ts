import type { Unit } from '@mediaflow/shared/units';
import { readSamples } from './clips.ts';
import { encodeAsset, type PlannedAsset } from './encode-asset.ts';

export const RATE_HZ = 48_000;

/**
 * A tone that rises from 200 Hz by 200 Hz a second: a shift of one sample is an error of more than -20 dB after a few
 * seconds. It starts anew every 20 s, before it leaves what codecs keep.
 */
export const sweep = (seconds: number): number => {
  const within = seconds - 20 * Math.floor(seconds / 20);
  return 0.5 * Math.sin(2 * Math.PI * (200 * within + 100 * within ** 2));
};

export const sweepInput = (seconds: number, rateHz: number): readonly string[] => [
  ...['-f', 'lavfi', '-i', `aevalsrc='0.5*sin(2*PI*(200*mod(t,20)+100*mod(t,20)*mod(t,20)))':d=${seconds}:s=${rateHz}`],
];

/** The asset with sound in units of `segmentsPerUnit`, so that a short clip has seams. */
function splitAudio(asset: PlannedAsset, segmentsPerUnit: number, renditionId = 'a0'): PlannedAsset {
  const units: Unit[] = [];
  for (let firstSegment = 0; firstSegment < asset.timeline.segmentCount; firstSegment += segmentsPerUnit) {
    const segmentCount = Math.min(segmentsPerUnit, asset.timeline.segmentCount - firstSegment);
    units.push({ id: `${renditionId}.${firstSegment}`, renditionIds: [renditionId], firstSegment, segmentCount, priority: 9 });
  }
  return { ...asset, units };
}

export interface EncodedSound {
  /** All segments joined to one file. */
  readonly path: string;
  /** The left channel at 48 kHz, from time 0. */
  readonly samples: Float32Array;
}

/** Encodes one sound track in units of `segmentsPerUnit`, the last one first. */
export async function encodeSound(
  asset: PlannedAsset,
  scratch: string,
  segmentsPerUnit = asset.timeline.segmentCount,
  renditionId = 'a0',
): Promise<EncodedSound> {
  const files = await encodeAsset(splitAudio(asset, segmentsPerUnit, renditionId), scratch);
  const path = files.get(renditionId) ?? '';
  return { path, samples: await readSamples(path) };
}

/** Signal to error, in decibels, of samples `from` to `to`. */
export function fidelity(samples: Float32Array, expected: (index: number) => number, from: number, to: number): number {
  let signal = 0;
  let error = 0;
  for (let index = from; index < to; index += 1) {
    const wanted = expected(index);
    signal += wanted ** 2;
    error += ((samples[index] ?? 0) - wanted) ** 2;
  }
  return 10 * Math.log10(signal / error);
}

/** The worst tenth of a second between two times. */
export function worstFidelity(samples: Float32Array, expected: (index: number) => number, fromSeconds: number, toSeconds: number): number {
  const window = RATE_HZ / 10;
  const windows = Array.from(
    { length: Math.floor((toSeconds - fromSeconds) * 10) },
    (_, index) => Math.round(fromSeconds * RATE_HZ) + index * window,
  );
  return Math.min(...windows.map((from) => fidelity(samples, expected, from, from + window)));
}

/** Largest absolute sample between two times. */
export function peak(samples: Float32Array, fromSeconds: number, toSeconds: number): number {
  return samples
    .subarray(Math.round(fromSeconds * RATE_HZ), Math.round(toSeconds * RATE_HZ))
    .reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}
