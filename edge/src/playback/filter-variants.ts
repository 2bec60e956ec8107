import { getAttribute } from '@mediaflow/shared/hls/attributes';
import type { MultivariantEntry, MultivariantPlaylist } from '@mediaflow/shared/hls/types';
import { parseMediaPath } from '@mediaflow/shared/keys';
import { shortSideOfId } from '@mediaflow/shared/rendition';
import type { PlaylistRules } from '@mediaflow/shared/token';
import { chooseShortSides, type ResolutionCaps } from './choose-short-sides.ts';

type Variant = Extract<MultivariantEntry, { kind: 'variant' }>;

export interface FilteredPlaylist {
  readonly playlist: MultivariantPlaylist;
  readonly caps: ResolutionCaps;
}

/**
 * The stored multivariant playlist as `rules` allow it; never empty of pictures. Sound, text and lines that are no variants stay as
 * they are.
 */
export function filterVariants(playlist: MultivariantPlaylist, rules: PlaylistRules): FilteredPlaylist {
  const shortSides = playlist.entries.flatMap((entry) => shortSideOfEntry(entry) ?? []);
  const { kept, caps } = chooseShortSides(shortSides, rules);
  const entries = playlist.entries.filter((entry) => {
    const shortSide = shortSideOfEntry(entry);
    return shortSide === undefined || kept.includes(shortSide);
  });
  return { playlist: { ...playlist, entries: rules.order === undefined ? entries : orderVariants(entries, rules.order) }, caps };
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
