import type { VideoRendition } from '@mediaflow/shared/rendition';
import type { Source } from '@mediaflow/shared/source';
import { segmentSeconds } from '@mediaflow/shared/timeline';
import { type EncodeOptions, encode } from '../encode/encode.ts';
import { compareSegment } from '../measure/compare-segment.ts';
import { mean } from '../measure/ssim-stats.ts';
import type { TrialPoint } from './trial-curve.ts';

/** Renditions to try at once: all from one decode, no two with the same id. */
export type Trial = readonly VideoRendition[];

interface SegmentTrial {
  readonly sizeBytes: number;
  readonly seconds: number;
  readonly ssim: readonly number[];
  readonly screenSsim: readonly number[];
}

/**
 * Encodes whole segments, as an encode unit would, and measures what came out.
 *
 * @param screen the largest rung: the size in which rungs are compared with each other
 * @param numbers of the sampled segments, at least one
 * @returns a point for each rendition of the trial
 */
export async function runTrial(
  source: Source,
  trial: Trial,
  screen: VideoRendition,
  numbers: readonly number[],
  options: Omit<EncodeOptions, 'urgency'>,
): Promise<readonly TrialPoint[]> {
  const segments: (readonly SegmentTrial[])[] = [];
  for (const number of numbers) segments.push(await trySegment(source, trial, screen, number, options));
  return trial.map(({ crf }, index) => {
    const own = segments.map((segment) => segment[index]).filter((segment) => segment !== undefined);
    const sum = (read: (segment: SegmentTrial) => number): number => own.reduce((total, segment) => total + read(segment), 0);
    return {
      crf,
      bitrateBps: (8 * sum(({ sizeBytes }) => sizeBytes)) / sum(({ seconds }) => seconds),
      ssim: mean(own.flatMap(({ ssim }) => ssim)),
      screenSsim: mean(own.flatMap(({ screenSsim }) => screenSsim)),
    };
  });
}

async function trySegment(
  source: Source,
  trial: Trial,
  screen: VideoRendition,
  number: number,
  options: Omit<EncodeOptions, 'urgency'>,
): Promise<readonly SegmentTrial[]> {
  const { timeline } = options;
  const { renditions } = await encode(source, trial, { firstSegment: number, segmentCount: 1 }, { ...options, urgency: 'background' });
  const coded = renditions.flatMap(({ init, segments }) => segments.map(({ bytes }) => ({ init, bytes })));
  const pictures = await compareSegment(
    source,
    number,
    [
      ...coded.map((segment, index) => ({ ...segment, reference: trial[index] ?? screen })),
      ...coded.map((segment) => ({ ...segment, reference: screen })),
    ],
    options,
  );
  return coded.map(({ bytes }, index) => ({
    sizeBytes: bytes.byteLength,
    seconds: segmentSeconds(timeline, number),
    ssim: pictures[index] ?? [],
    screenSsim: pictures[index + coded.length] ?? [],
  }));
}
