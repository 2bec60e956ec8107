import type { PlaylistRules } from '@mediaflow/shared/token';

/** Short sides in pixels of what a filter leaves; 0 is no limit. */
export interface ResolutionCaps {
  readonly maxShortSide: number;
  readonly minShortSide: number;
}

/**
 * The limits that the rules set for a film whose pictures have these short sides, for its manifest and for the session. At least one of
 * them is within: where nothing fits, the nearest is, the upper limit counting more than the lower. A side that the rules leave open stays
 * open, so that pictures for trick play may be smaller or larger than the film's.
 */
export function chooseCaps(existing: readonly number[], { maxShortSide, minShortSide }: PlaylistRules): ResolutionCaps {
  const low = existing.filter((side) => side <= (maxShortSide ?? Number.POSITIVE_INFINITY));
  const allowed = low.length > 0 ? low : existing.filter((side) => side === Math.min(...existing));
  const wanted = allowed.filter((side) => side >= (minShortSide ?? 0));
  const kept = wanted.length > 0 ? wanted : allowed.filter((side) => side === Math.max(...allowed));
  return {
    maxShortSide: maxShortSide === undefined || kept.length === 0 ? 0 : Math.max(...kept),
    minShortSide: minShortSide === undefined || kept.length === 0 ? 0 : Math.min(...kept),
  };
}

export const isCapped = ({ maxShortSide, minShortSide }: ResolutionCaps): boolean => maxShortSide > 0 || minShortSide > 0;

/** What has no short side, as sound and text, is not in question. */
export const isWithin = ({ maxShortSide, minShortSide }: ResolutionCaps, shortSide: number | undefined): boolean =>
  shortSide === undefined || ((maxShortSide === 0 || shortSide <= maxShortSide) && shortSide >= minShortSide);
