import { getAttribute } from '@mediaflow/shared/hls/attributes';
import type { MultivariantEntry, MultivariantPlaylist } from '@mediaflow/shared/hls/types';
import { parseMediaPath } from '@mediaflow/shared/keys';
import { shortSideOfId } from '@mediaflow/shared/ladder';
import type { PlaylistRules } from '@mediaflow/shared/token';

type Variant = Extract<MultivariantEntry, { kind: 'variant' }>;

/** Short sides in pixels of what a filter kept; 0 is no limit. */
export interface ResolutionCaps {
  readonly maxShortSide: number;
  readonly minShortSide: number;
}

export interface FilteredPlaylist {
  readonly playlist: MultivariantPlaylist;
  readonly caps: ResolutionCaps;
}

/**
 * The stored multivariant playlist as `rules` allow it. Never empty of pictures: where nothing fits, the nearest rendition
 * stays, the upper limit counting more than the lower. Sound and lines that are no variants stay as they are.
 */
export function filterVariants(playlist: MultivariantPlaylist, rules: PlaylistRules): FilteredPlaylist {
  const shortSides = playlist.entries.flatMap((entry) => shortSideOfEntry(entry) ?? []);
  const kept = chooseShortSides([...new Set(shortSides)], rules);
  const entries = playlist.entries.filter((entry) => {
    const shortSide = shortSideOfEntry(entry);
    return shortSide === undefined || kept.includes(shortSide);
  });
  const isCapped = kept.length > 0 && (rules.maxShortSide !== undefined || rules.minShortSide !== undefined);
  return {
    playlist: { ...playlist, entries: rules.order === undefined ? entries : orderVariants(entries, rules.order) },
    caps: isCapped ? { maxShortSide: Math.max(...kept), minShortSide: Math.min(...kept) } : { maxShortSide: 0, minShortSide: 0 },
  };
}

function chooseShortSides(
  all: readonly number[],
  { maxShortSide = Number.POSITIVE_INFINITY, minShortSide = 0 }: PlaylistRules,
): readonly number[] {
  const low = all.filter((side) => side <= maxShortSide);
  const allowed = low.length > 0 ? low : all.filter((side) => side === Math.min(...all));
  const wanted = allowed.filter((side) => side >= minShortSide);
  return wanted.length > 0 ? wanted : allowed.filter((side) => side === Math.max(...allowed));
}

/** Of the variant's own rendition, as its URI names it; undefined for sound and for other lines. */
function shortSideOfEntry(entry: MultivariantEntry): number | undefined {
  const uri = entry.kind === 'variant' ? entry.uri : entry.kind === 'i-frame-variant' ? getAttribute(entry.attributes, 'URI') : undefined;
  const object = uri === undefined ? undefined : parseMediaPath(uri);
  return object === undefined || !('renditionId' in object) ? undefined : shortSideOfId(object.renditionId);
}

/** Variants by bandwidth, in the places where variants stood. */
function orderVariants(entries: readonly MultivariantEntry[], order: 'asc' | 'desc'): readonly MultivariantEntry[] {
  const direction = order === 'asc' ? 1 : -1;
  const ordered = entries.filter((entry) => entry.kind === 'variant').toSorted((a, b) => direction * (bandwidthOf(a) - bandwidthOf(b)));
  let next = 0;
  return entries.map((entry) => (entry.kind === 'variant' ? (ordered[next++] ?? entry) : entry));
}

const bandwidthOf = (variant: Variant): number => Number(getAttribute(variant.attributes, 'BANDWIDTH') ?? 0);
