import { getAttribute } from '@mediaflow/shared/hls/attributes';
import type { MultivariantEntry, MultivariantPlaylist, Variant } from '@mediaflow/shared/hls/types';
import { parseMediaPath } from '@mediaflow/shared/keys';
import { shortSideOfId } from '@mediaflow/shared/rendition';
import type { PlaylistRules } from '@mediaflow/shared/token';
import { chooseCaps, isWithin, type ResolutionCaps } from './choose-caps.ts';
import { chooseCodecs, codecFamilyOf, type VideoCodecFamily } from './choose-codecs.ts';
import { setDefaultSubtitles } from './default-subtitles.ts';
import { isKept } from './is-kept.ts';

export interface FilteredPlaylist {
  readonly playlist: MultivariantPlaylist;
  readonly caps: ResolutionCaps;
}

/**
 * The stored multivariant playlist as `rules` allow it; never empty of pictures. Sound, text and lines that are no variants stay as
 * they are. Resolution comes first: to keep to a codec is no reason to go above a limit.
 *
 * @param shortSideOf in pixels; of our own playlists the URI tells it
 */
export function filterVariants(
  playlist: MultivariantPlaylist,
  rules: PlaylistRules,
  shortSideOf: (entry: MultivariantEntry) => number | undefined = shortSideOfEntry,
): FilteredPlaylist {
  // Chosen from the variants, as the codecs: pictures for trick play alone are no film.
  const caps = chooseCaps(
    variantsIn(playlist.entries).flatMap((entry) => shortSideOf(entry) ?? []),
    rules,
  );
  const sized = playlist.entries.filter((entry) => isWithin(caps, shortSideOf(entry)));
  const coded = rules.codecs === undefined ? sized : keepCodecs(sized, rules);
  const played = rules.hasTrickPlay === false ? coded.filter((entry) => !isTrickPlay(entry)) : coded;
  const { defaultSubtitlesLanguage: language, order } = rules;
  const titled = language === undefined ? played : setDefaultSubtitles(played, language);
  return { playlist: { ...playlist, entries: order === undefined ? titled : orderVariants(titled, order) }, caps };
}

const variantsIn = (entries: readonly MultivariantEntry[]): readonly Variant[] => entries.filter((entry) => entry.kind === 'variant');

const isTrickPlay = ({ kind }: MultivariantEntry): boolean => kind === 'i-frame-variant' || kind === 'image-variant';

function keepCodecs(entries: readonly MultivariantEntry[], rules: PlaylistRules): readonly MultivariantEntry[] {
  const families = chooseCodecs(new Set(variantsIn(entries).flatMap((entry) => codecFamilyOfEntry(entry) ?? [])), rules);
  return entries.filter((entry) => isKept(codecFamilyOfEntry(entry), families));
}

const codecFamilyOfEntry = (entry: MultivariantEntry): VideoCodecFamily | undefined =>
  entry.kind === 'variant' || entry.kind === 'i-frame-variant' ? codecFamilyOf(getAttribute(entry.attributes, 'CODECS')) : undefined;

/** Of the variant's own rendition, as its URI names it; undefined for sound and for other lines. */
function shortSideOfEntry(entry: MultivariantEntry): number | undefined {
  const uri = entry.kind === 'variant' ? entry.uri : entry.kind === 'i-frame-variant' ? getAttribute(entry.attributes, 'URI') : undefined;
  const object = uri === undefined ? undefined : parseMediaPath(uri);
  return object === undefined || !('renditionId' in object) ? undefined : shortSideOfId(object.renditionId);
}

/** Variants by bandwidth, in the places where variants stood. */
function orderVariants(entries: readonly MultivariantEntry[], order: 'asc' | 'desc'): readonly MultivariantEntry[] {
  const direction = order === 'asc' ? 1 : -1;
  const ordered = variantsIn(entries).toSorted((a, b) => direction * (bandwidthOf(a) - bandwidthOf(b)));
  let next = 0;
  return entries.map((entry) => (entry.kind === 'variant' ? (ordered[next++] ?? entry) : entry));
}

const bandwidthOf = (variant: Variant): number => Number(getAttribute(variant.attributes, 'BANDWIDTH') ?? 0);
