import { median } from '../common/statistics.ts';
import type { SelfHostedRound } from './self-hosted.ts';

export interface SelfHostedSummary {
  /** Requests a second against nginx's, as fast as the client takes them: median of the rounds' ratios. */
  readonly throughputRatio: number;
  /** At a third of what nginx can do. As fast as it goes, 200 connections wait for each other, behind nginx as well. */
  readonly pacedP99Ms: number;
  readonly isWithinBudget: boolean;
}

export const SELF_HOSTED_BUDGET = { throughputRatio: 0.5, pacedP99Ms: 50 };

/** Pure; `rounds` must not be empty. */
export function summarizeSelfHosted(rounds: readonly SelfHostedRound[]): SelfHostedSummary {
  const throughputRatio = median(rounds.map(({ nginx, edge }) => edge.requestsPerSecond / nginx.requestsPerSecond));
  const pacedP99Ms = median(rounds.map(({ pacedEdge }) => pacedEdge.p99Ms));
  const isWithinBudget = throughputRatio >= SELF_HOSTED_BUDGET.throughputRatio && pacedP99Ms <= SELF_HOSTED_BUDGET.pacedP99Ms;
  return { throughputRatio, pacedP99Ms, isWithinBudget };
}
