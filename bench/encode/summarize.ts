import { median, round } from '../common/statistics.ts';

export interface EncodeRounds {
  /** CPU seconds of every process that made the ladder, probe and poster included; of one ffmpeg process beside it. */
  readonly ladder: readonly { readonly cpuSeconds: number; readonly singleRunCpuSeconds: number }[];
  /** The largest memory of one ffmpeg process while a 1080p ladder was made. */
  readonly encoderPeakRssBytes: number;
  readonly unitCount: number;
  /** The worker's own resident memory, taken after each few of `unitCount` units. */
  readonly workerRssBytes: readonly number[];
}

export const BUDGET = { cpuRatio: 1.08, workerGrowth: 1.1 };

export interface EncodeSummary {
  readonly cpuSeconds: number;
  readonly singleRunCpuSeconds: number;
  readonly cpuRatio: number;
  readonly encoderPeakMB: number;
  readonly workerMB: number;
  /** Median of the last third of the samples over that of the middle third. */
  readonly workerGrowth: number;
  readonly isWithinBudget: boolean;
}

/** Pure; needs a round and some samples. */
export function summarize({ ladder, encoderPeakRssBytes, workerRssBytes }: EncodeRounds): EncodeSummary {
  const cpuRatio = round(median(ladder.map((each) => each.cpuSeconds / each.singleRunCpuSeconds)), 3);
  const third = Math.floor(workerRssBytes.length / 3);
  const workerGrowth = round(median(workerRssBytes.slice(-third)) / median(workerRssBytes.slice(third, 2 * third)), 3);
  return {
    cpuSeconds: round(median(ladder.map(({ cpuSeconds }) => cpuSeconds)), 1),
    singleRunCpuSeconds: round(median(ladder.map(({ singleRunCpuSeconds }) => singleRunCpuSeconds)), 1),
    cpuRatio,
    encoderPeakMB: Math.round(encoderPeakRssBytes / 1e6),
    workerMB: Math.round(median(workerRssBytes.slice(-third)) / 1e6),
    workerGrowth,
    isWithinBudget: cpuRatio <= BUDGET.cpuRatio && workerGrowth <= BUDGET.workerGrowth,
  };
}
