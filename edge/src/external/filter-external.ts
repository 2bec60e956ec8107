import type { ExternalMultivariant } from '@mediaflow/shared/external/read-playlist';
import type { MultivariantPlaylist } from '@mediaflow/shared/hls/types';
import type { PlaylistRules } from '@mediaflow/shared/token';
import { isCapped, type ResolutionCaps } from '../playback/choose-caps.ts';
import { filterVariants } from '../playback/filter-variants.ts';
import { PlaybackRefusal } from '../playback/refusal.ts';
import { allowsPlaylist, type ManifestIndex, shortSideOf, uriOf } from './manifest-index.ts';

/**
 * A customer's multivariant playlist as `rules` allow it, and the limits for the session. Pure.
 * @throws PlaybackRefusal where no variant is known to be within the limits: to show another would break the signer's word
 */
export function filterExternal(
  { playlist }: ExternalMultivariant,
  index: ManifestIndex,
  rules: PlaylistRules,
): { readonly playlist: MultivariantPlaylist; readonly caps: ResolutionCaps } {
  const filtered = filterVariants(playlist, rules, shortSideOf);
  const caps = isCapped(filtered.caps) ? filtered.caps : capsOf(rules);
  const entries = filtered.playlist.entries.filter((entry) => {
    const path = uriOf(entry);
    const named = index.playlists.find((candidate) => candidate.path === path);
    return named === undefined || allowsPlaylist(caps, named);
  });
  if (!entries.some(({ kind }) => kind === 'variant')) throw new PlaybackRefusal('restriction_not_enforced');
  return { playlist: { ...filtered.playlist, entries }, caps };
}

export const capsOf = ({ maxShortSide = 0, minShortSide = 0 }: PlaylistRules): ResolutionCaps => ({ maxShortSide, minShortSide });

export const hasCaps = ({ maxShortSide, minShortSide }: PlaylistRules): boolean => maxShortSide !== undefined || minShortSide !== undefined;
