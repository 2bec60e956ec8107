import { median } from '../common/statistics.ts';

/** What one round measured, alternating between the two. Speeds in MB/s of 10^6 bytes. */
export interface Round {
  readonly tusMBps: number;
  readonly bareMBps: number;
  readonly originPeakRssBytes: number;
}

export interface Summary {
  readonly tusMBps: number;
  readonly bareMBps: number;
  /** Median of the rounds' ratios: what disturbs one round disturbs both of its halves. */
  readonly ratio: number;
  readonly originRssOverIdleMB: number;
  readonly isWithinBudget: boolean;
}

/** 1 GB over TUS at no less than 80 % of the bare server's speed, the origin at most 50 MB over idle. */
export const BUDGET = { ratio: 0.8, rssOverIdleMB: 50 };

/** Pure; `rounds` must not be empty. */
export function summarize(rounds: readonly Round[], idleRssBytes: number): Summary {
  const ratio = median(rounds.map(({ tusMBps, bareMBps }) => tusMBps / bareMBps));
  const originRssOverIdleMB = (Math.max(...rounds.map(({ originPeakRssBytes }) => originPeakRssBytes)) - idleRssBytes) / 1e6;
  return {
    tusMBps: median(rounds.map(({ tusMBps }) => tusMBps)),
    bareMBps: median(rounds.map(({ bareMBps }) => bareMBps)),
    ratio,
    originRssOverIdleMB,
    isWithinBudget: ratio >= BUDGET.ratio && originRssOverIdleMB <= BUDGET.rssOverIdleMB,
  };
}
