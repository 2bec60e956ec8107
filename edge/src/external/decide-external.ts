import type { Session } from '@mediaflow/shared/session';
import { allowsPlaylist, type ManifestIndex } from './manifest-index.ts';

/** What a path below `/s/{session}/x/` names, by the manifest alone. */
export type ExternalDecision =
  /** The media playlist itself. */
  | { readonly kind: 'playlist'; readonly path: string }
  /** A file, if the media playlist `of` names it; of the manifest itself where that is undefined. */
  | { readonly kind: 'file'; readonly path: string; readonly of: string | undefined }
  | { readonly kind: 'refused' }
  | { readonly kind: 'absent' };

/** In the place of a playlist's number: files that the manifest names itself. */
export const OF_MANIFEST = 'm';

/** Likewise: files of an MPD. */
export const OF_MPD = 'd';

/** An unchecked playlist could lead a player anywhere. */
const PLAYLIST_NAME = /\.(?:m3u8?|mpd)$/i;

/** Pure. @param of the playlist by its place in the manifest, or `OF_MANIFEST`; @param path below the prefix, as it stands in the URL */
export function decideExternal(index: ManifestIndex, session: Session, of: string, path: string): ExternalDecision {
  if (of === OF_MANIFEST)
    return index.files.has(path) && !PLAYLIST_NAME.test(path) ? { kind: 'file', path, of: undefined } : { kind: 'absent' };
  if (of === OF_MPD) return decideOfMpd(index, session, path);
  const playlist = /^(?:0|[1-9]\d{0,2})$/.test(of) ? index.playlists[Number(of)] : undefined;
  if (playlist === undefined) return { kind: 'absent' };
  if (!allowsPlaylist(session, playlist)) return { kind: 'refused' };
  if (path === playlist.path) return { kind: 'playlist', path };
  return PLAYLIST_NAME.test(path) ? { kind: 'absent' } : { kind: 'file', path, of: playlist.path };
}

function decideOfMpd({ representations }: ManifestIndex, session: Session, path: string): ExternalDecision {
  const naming = representations.filter(({ has }) => has(path));
  if (naming.length === 0 || PLAYLIST_NAME.test(path)) return { kind: 'absent' };
  return naming.some((representation) => allowsPlaylist(session, representation))
    ? { kind: 'file', path, of: undefined }
    : { kind: 'refused' };
}
