import { AppError } from '@mediaflow/shared/errors';
import { mapUris } from '@mediaflow/shared/hls/map-uris';
import type { MultivariantPlaylist } from '@mediaflow/shared/hls/types';
import { parseMediaPath } from '@mediaflow/shared/keys';

/**
 * Puts every URI under the viewer's session, from the root: `/s/{session}/v720/playlist.m3u8`. The same playlist is
 * served at several depths, and root-relative URIs mean the same at each.
 */
export function rewriteUris(playlist: MultivariantPlaylist, session: string): MultivariantPlaylist {
  return mapUris(playlist, (uri) => `/s/${session}/${assertRenditionPath(uri)}`);
}

/** A stored playlist names the files of its own renditions and nothing else; any other URI would leave the session. */
function assertRenditionPath(uri: string): string {
  const object = parseMediaPath(uri);
  if (object !== undefined && 'renditionId' in object) return uri;
  throw new AppError('internal', 'The stored playlist names a file that is not its own.', { details: { uri } });
}
