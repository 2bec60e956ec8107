import { mapUris } from '../hls/map-uris.ts';
import { parsePlaylist } from '../hls/parse.ts';
import { stringifyPlaylist } from '../hls/stringify.ts';
import type { Line, MediaPlaylist, MultivariantPlaylist, Playlist } from '../hls/types.ts';
import type { UriRole } from '../hls/uri-attributes.ts';
import { PlaylistRefusal } from './playlist-refusal.ts';
import { type PlaylistPlace, resolveUri } from './resolve-uri.ts';

/** A customer's multivariant playlist, checked. Its URIs are paths below the prefix. */
export interface ExternalMultivariant {
  readonly kind: 'multivariant';
  readonly playlist: MultivariantPlaylist;
  /** The media playlists it names, each once. */
  readonly playlists: readonly string[];
  /** Other files it names, each once: session data, keys. */
  readonly files: readonly string[];
}

/** A customer's media playlist, checked. Its URIs are paths below the prefix. */
export interface ExternalMediaPlaylist {
  readonly kind: 'media';
  readonly playlist: MediaPlaylist;
  /** Segments, init segments, keys: each once. */
  readonly files: readonly string[];
  readonly durationSeconds: number;
  /** No more segments will come. */
  readonly isEnded: boolean;
}

export type ExternalPlaylist = ExternalMultivariant | ExternalMediaPlaylist;

/** Longer ones are refused unread; in characters the HLS reader has the same limit. */
export const MAX_PLAYLIST_BYTES = 8 * 1024 * 1024;
/** More than any ladder, with a language for everybody. */
const MAX_PLAYLISTS = 256;

/**
 * Reads a customer's playlist and resolves every URI in it.
 * @throws PlaylistRefusal for a URI that is not a plain path below the prefix, and for what leads to files nobody has checked
 * @throws PlaylistError for what is no playlist
 */
export function readPlaylist(text: string, place: PlaylistPlace): ExternalPlaylist {
  const [playlists, files] = [new Set<string>(), new Set<string>()];
  const parsed = parsePlaylist(text);
  assertSupported(parsed);
  const playlist = mapUris(parsed, (uri, role) => {
    if (isInline(uri, role)) return uri;
    const path = resolveOrRefuse(uri, place);
    (role === 'playlist' ? playlists : files).add(path);
    return path;
  });
  if (playlist.kind === 'multivariant') {
    if (playlists.size > MAX_PLAYLISTS) throw new PlaylistRefusal('too_many', `It names more than ${MAX_PLAYLISTS} playlists.`);
    return { kind: 'multivariant', playlist, playlists: [...playlists], files: [...files] };
  }
  return {
    kind: 'media',
    playlist,
    files: [...files],
    durationSeconds: playlist.segments.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0),
    isEnded: linesOf(playlist).some((line) => line.kind === 'tag' && line.name === 'EXT-X-ENDLIST'),
  };
}

/** The playlist as a player gets it: each URI as `write` puts it, which is told the file's path below the prefix. */
export function rewritePlaylist(text: string, place: PlaylistPlace, write: (path: string, uri: string) => string): string {
  const mapped = mapUris(parsePlaylist(text), (uri, role) => (isInline(uri, role) ? uri : write(resolveOrRefuse(uri, place), uri)));
  return stringifyPlaylist(mapped);
}

/**
 * For `rewritePlaylist`, of a playlist below a session, which relative URIs inherit: they stay as they are, and absolute paths
 * become relative.
 */
export function toRelative({ path: from }: PlaylistPlace): (path: string, uri: string) => string {
  const up = '../'.repeat(from.split('/').length - 1);
  return (path, uri) => (uri.startsWith('/') ? up + path : uri);
}

/** A key that stands in the playlist itself never leaves the player. */
const isInline = (uri: string, role: UriRole): boolean => role === 'key' && /^data:/i.test(uri);

function resolveOrRefuse(uri: string, place: PlaylistPlace): string {
  const resolved = resolveUri(uri, place);
  if ('path' in resolved) return resolved.path;
  throw new PlaylistRefusal(resolved.refusal, `It names ${JSON.stringify(uri.slice(0, 200))}, which is no plain path below the prefix.`);
}

/** Variables can make any URI of a plain one; steering and interstitials send a player to places that stand in other files; live playlists change. */
const UNSUPPORTED = /^EXT-X-(?:DEFINE|CONTENT-STEERING|RENDITION-REPORT|PRELOAD-HINT)$/;

function assertSupported(playlist: Playlist): void {
  for (const line of linesOf(playlist)) {
    if (line.kind !== 'tag') continue;
    const isInterstitial = line.name === 'EXT-X-DATERANGE' && line.value?.includes('X-ASSET-') === true;
    if (isInterstitial || UNSUPPORTED.test(line.name)) throw new PlaylistRefusal('unsupported', `#${line.name} is not supported.`);
  }
}

function linesOf(playlist: Playlist): readonly Line[] {
  if (playlist.kind === 'media') return [...playlist.header, ...playlist.segments.flatMap(({ lines }) => lines), ...playlist.trailer];
  return playlist.entries.flatMap((entry) => (entry.kind === 'line' ? entry.line : []));
}
