import type { PlaylistRules } from '@mediaflow/shared/token';

/** Short sides in pixels of what a filter kept; 0 is no limit. */
export interface ResolutionCaps {
  readonly maxShortSide: number;
  readonly minShortSide: number;
}

/**
 * Which of the short sides that exist the rules allow, and the limits for the session. Never none of several: where nothing fits,
 * the nearest stays, the upper limit counting more than the lower.
 */
export function chooseShortSides(existing: readonly number[], rules: PlaylistRules): { kept: readonly number[]; caps: ResolutionCaps } {
  const { maxShortSide = Number.POSITIVE_INFINITY, minShortSide = 0 } = rules;
  const low = existing.filter((side) => side <= maxShortSide);
  const allowed = low.length > 0 ? low : existing.filter((side) => side === Math.min(...existing));
  const wanted = allowed.filter((side) => side >= minShortSide);
  const kept = wanted.length > 0 ? wanted : allowed.filter((side) => side === Math.max(...allowed));
  const isCapped = kept.length > 0 && (rules.maxShortSide !== undefined || rules.minShortSide !== undefined);
  return {
    kept,
    caps: isCapped ? { maxShortSide: Math.max(...kept), minShortSide: Math.min(...kept) } : { maxShortSide: 0, minShortSide: 0 },
  };
}
