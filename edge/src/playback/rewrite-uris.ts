import { AppError } from '@mediaflow/shared/errors';
import { getAttribute, setQuotedAttribute } from '@mediaflow/shared/hls/attributes';
import type { AttributeList, MultivariantPlaylist } from '@mediaflow/shared/hls/types';
import { parseMediaPath } from '@mediaflow/shared/keys';

/**
 * Puts every URI under the viewer's session, from the root: `/s/{session}/v720/playlist.m3u8`. The same playlist is
 * served at several depths, and root-relative URIs mean the same at each.
 */
export function rewriteUris(playlist: MultivariantPlaylist, session: string): MultivariantPlaylist {
  const rewrite = (uri: string): string => `/s/${session}/${assertRenditionPath(uri)}`;
  const rewriteAttribute = (attributes: AttributeList): AttributeList => {
    const uri = getAttribute(attributes, 'URI');
    return uri === undefined ? attributes : setQuotedAttribute(attributes, 'URI', rewrite(uri));
  };
  return {
    ...playlist,
    entries: playlist.entries.map((entry) => {
      if (entry.kind === 'line') return entry;
      if (entry.kind === 'variant') return { ...entry, uri: rewrite(entry.uri) };
      return { ...entry, attributes: rewriteAttribute(entry.attributes) };
    }),
  };
}

/** A stored playlist names the files of its own renditions and nothing else; any other URI would leave the session. */
function assertRenditionPath(uri: string): string {
  const object = parseMediaPath(uri);
  if (object !== undefined && 'renditionId' in object) return uri;
  throw new AppError('internal', 'The stored playlist names a file that is not its own.', { details: { uri } });
}
