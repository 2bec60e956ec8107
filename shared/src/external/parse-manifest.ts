import { XmlError } from '../dash/xml.ts';
import { PlaylistError } from '../hls/lex.ts';
import { PlaylistRefusal } from './playlist-refusal.ts';
import { type ExternalMpd, readMpd } from './read-mpd.ts';
import { type ExternalPlaylist, readPlaylist } from './read-playlist.ts';
import type { PlaylistPlace } from './resolve-uri.ts';

export const isMpd = (path: string): boolean => path.endsWith('.mpd');

/** By the end of its name an MPD, else HLS. Throws as `readMpd` and `readPlaylist` do. */
export const parseManifest = (text: string, place: PlaylistPlace): ExternalPlaylist | ExternalMpd =>
  isMpd(place.path) ? readMpd(text, place) : readPlaylist(text, place);

/** What is wrong with the manifest, and not with us. */
export const isRefusal = (error: unknown): error is Error =>
  error instanceof PlaylistRefusal || error instanceof PlaylistError || error instanceof XmlError;
