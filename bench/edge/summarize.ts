import { median, round } from '../common/statistics.ts';

/** What one server did under load. */
export interface Served {
  /** Microseconds of CPU, user and system, for a request. */
  readonly cpuUs: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface CachedObjectRound {
  readonly bare: Served;
  readonly edge: Served;
}

export interface CachedObjectSummary {
  readonly bareCpuUs: number;
  readonly edgeCpuUs: number;
  /** Median of the rounds' ratios. */
  readonly cpuRatio: number;
  readonly isWithinBudget: boolean;
}

export const BUDGET = {
  /** A verified request for a cached object costs at most this many times the CPU of an unverified one. */
  cachedObjectCpuRatio: 1.25,
  /** Of one segment, however many tokens it is fetched under. */
  readsPerSegment: 1,
  zipfHitRatio: 0.99,
};

/** Pure; `rounds` must not be empty. */
export function summarizeCachedObject(rounds: readonly CachedObjectRound[]): CachedObjectSummary {
  const cpuRatio = median(rounds.map(({ bare, edge }) => edge.cpuUs / bare.cpuUs));
  return {
    bareCpuUs: median(rounds.map(({ bare }) => bare.cpuUs)),
    edgeCpuUs: median(rounds.map(({ edge }) => edge.cpuUs)),
    cpuRatio,
    isWithinBudget: cpuRatio <= BUDGET.cachedObjectCpuRatio,
  };
}

/** A measured value beside its limit. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly budget: string;
  readonly isWithinBudget: boolean;
}

export function atMost(figure: string, value: number, limit: number): Figure {
  return { figure, value: round(value, 4), budget: `<= ${limit}`, isWithinBudget: value <= limit };
}

export function atLeast(figure: string, value: number, limit: number): Figure {
  return { figure, value: round(value, 4), budget: `>= ${limit}`, isWithinBudget: value >= limit };
}
