import { rewritePlaylist } from '@mediaflow/shared/external/read-playlist';
import { mapUris } from '@mediaflow/shared/hls/map-uris';
import { stringifyPlaylist } from '@mediaflow/shared/hls/stringify';
import type { PlaylistRules } from '@mediaflow/shared/token';
import type { ResolutionCaps } from '../playback/choose-caps.ts';
import { PlaybackRefusal } from '../playback/refusal.ts';
import { OF_MANIFEST } from './decide-external.ts';
import { type ExternalVersion, playlistPlace } from './external-version.ts';
import { filterExternal, hasCaps } from './filter-external.ts';
import { indexManifest } from './manifest-index.ts';
import { personaliseMpd } from './personalise-mpd.ts';
import type { StoredPlaylist } from './playlist-library.ts';

/**
 * A customer's manifest as one viewer gets it: every URI under a session of their own, `/s/{session}/x/{playlist}/{path}`.
 * @throws PlaybackRefusal for rules that cannot be kept
 */
export async function personaliseExternal(
  version: ExternalVersion,
  { text, playlist: manifest }: Pick<StoredPlaylist, 'text' | 'playlist'>,
  rules: PlaylistRules,
  openSession: (caps: ResolutionCaps) => Promise<string>,
): Promise<string> {
  const { manifest: path } = version.media;
  if (rules.clipStartSeconds !== undefined || rules.clipEndSeconds !== undefined) throw new PlaybackRefusal('restriction_not_enforced');
  if (manifest.kind === 'mpd') return personaliseMpd(manifest, rules, openSession);
  if (manifest.kind === 'media') {
    // What it shows, it does not say.
    if (hasCaps(rules)) throw new PlaybackRefusal('restriction_not_enforced');
    const base = `/s/${await openSession({ maxShortSide: 0, minShortSide: 0 })}/x/0/`;
    return rewritePlaylist(text, playlistPlace(version, path), (file) => base + file);
  }
  const index = indexManifest(manifest, path);
  const { playlist, caps } = filterExternal(manifest, index, rules);
  const base = `/s/${await openSession(caps)}/x/`;
  const placeOf = (named: string): number => index.playlists.findIndex((candidate) => candidate.path === named);
  const written = mapUris(playlist, (uri, role) => {
    if (role === 'playlist') return `${base}${placeOf(uri)}/${uri}`;
    return uri.startsWith('data:') ? uri : `${base}${OF_MANIFEST}/${uri}`;
  });
  return stringifyPlaylist(written);
}
