import { median, round } from '../common/statistics.ts';

/** Seconds from the acknowledged last byte to the first picture, by length of the film; and from a jump to its picture. */
export interface InstantRounds {
  readonly start: readonly { readonly filmSeconds: number; readonly seconds: readonly number[]; readonly bareSeconds: readonly number[] }[];
  readonly seek: { readonly seconds: readonly number[]; readonly bareSeconds: readonly number[] };
}

export const BUDGET = { startSeconds: 2, longestOverShortest: 1.5, seekSeconds: 2.5 };

export interface InstantSummary {
  readonly rows: readonly {
    readonly what: string;
    readonly medianSeconds: number;
    readonly bareSeconds: number;
    readonly worstSeconds: number;
  }[];
  /** Median of the longest film over the median of the shortest. */
  readonly longestOverShortest: number;
  readonly isWithinBudget: boolean;
}

/** Pure; every list must hold something, films from shortest to longest. */
export function summarize({ start, seek }: InstantRounds): InstantSummary {
  const starts = start.map(({ filmSeconds, seconds, bareSeconds }) =>
    toRow(`first picture, ${nameLength(filmSeconds)}`, seconds, bareSeconds),
  );
  const jump = toRow(`jump to a place not encoded, ${nameLength(start.at(-1)?.filmSeconds ?? 0)}`, seek.seconds, seek.bareSeconds);
  const longestOverShortest = round((starts.at(-1)?.medianSeconds ?? Number.NaN) / (starts[0]?.medianSeconds ?? Number.NaN));
  return {
    rows: [...starts, jump],
    longestOverShortest,
    isWithinBudget:
      starts.every(({ medianSeconds }) => medianSeconds <= BUDGET.startSeconds) &&
      longestOverShortest <= BUDGET.longestOverShortest &&
      jump.medianSeconds <= BUDGET.seekSeconds,
  };
}

function toRow(what: string, seconds: readonly number[], bareSeconds: readonly number[]): InstantSummary['rows'][number] {
  return {
    what,
    medianSeconds: round(median(seconds)),
    bareSeconds: round(median(bareSeconds)),
    worstSeconds: round(Math.max(...seconds)),
  };
}

const nameLength = (seconds: number): string => (seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`);
