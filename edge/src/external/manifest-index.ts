import { type ExternalMpd, type ExternalRepresentation, matchFiles } from '@mediaflow/shared/external/read-mpd';
import type { ExternalMultivariant, ExternalPlaylist } from '@mediaflow/shared/external/read-playlist';
import { resolutionOf } from '@mediaflow/shared/external/resolution';
import { getAttribute } from '@mediaflow/shared/hls/attributes';
import type { MultivariantEntry } from '@mediaflow/shared/hls/types';
import { isCapped, isWithin, type ResolutionCaps } from '../playback/choose-caps.ts';

/** A media playlist that the manifest names. */
export interface NamedPlaylist {
  /** Below the prefix. */
  readonly path: string;
  /** Short sides in pixels of the variants that name it, where they say so. */
  readonly shortSides: readonly number[];
  /** Whether it may hold pictures; false for what is known to be sound or text. */
  readonly isPicture: boolean;
}

/** What a session's paths are judged by. A playlist is known by its place in the list: `/s/{session}/x/{place}/…`. */
export interface ManifestIndex {
  readonly playlists: readonly NamedPlaylist[];
  /** Files that the manifest names itself. */
  readonly files: ReadonlySet<string>;
  /** Of an MPD, which names files itself. */
  readonly representations: readonly NamedRepresentation[];
}

export interface NamedRepresentation extends Pick<NamedPlaylist, 'shortSides' | 'isPicture'> {
  readonly id: string;
  /** Whether a path is one of its files. */
  readonly has: (path: string) => boolean;
}

/** @param path of the manifest */
export function indexManifest(manifest: ExternalPlaylist | ExternalMpd, path: string): ManifestIndex {
  switch (manifest.kind) {
    case 'media':
      return { playlists: [{ path, shortSides: [], isPicture: true }], files: new Set(), representations: [] };
    case 'multivariant':
      return {
        playlists: manifest.playlists.map((named) => describe(named, manifest)),
        files: new Set(manifest.files),
        representations: [],
      };
    case 'mpd':
      return { playlists: [], files: new Set(), representations: manifest.representations.map(nameRepresentation) };
  }
}

const nameRepresentation = ({ id, shortSide, isPicture, files }: ExternalRepresentation): NamedRepresentation => ({
  id,
  shortSides: shortSide === undefined ? [] : [shortSide],
  isPicture,
  has: matchFiles(files),
});

function describe(path: string, { playlist }: ExternalMultivariant): NamedPlaylist {
  const named = playlist.entries.filter((entry) => uriOf(entry) === path);
  return {
    path,
    shortSides: named.flatMap((entry) => shortSideOf(entry) ?? []),
    isPicture: named.length === 0 || named.some(isPicture),
  };
}

/** The media playlist that an entry leads to. */
export function uriOf(entry: MultivariantEntry): string | undefined {
  if (entry.kind === 'line') return undefined;
  return entry.kind === 'variant' ? entry.uri : getAttribute(entry.attributes, 'URI');
}

/** Of a variant that states its resolution. */
export function shortSideOf(entry: MultivariantEntry): number | undefined {
  const resolution = entry.kind === 'line' || entry.kind === 'media' ? undefined : resolutionOf(entry.attributes);
  return resolution && Math.min(resolution.width, resolution.height);
}

const SOUND_CODEC = /^(?:mp4a|ac-3|ac-4|ec-3|opus|flac|alac)\b/i;

function isPicture(entry: MultivariantEntry): boolean {
  if (entry.kind === 'media') return getAttribute(entry.attributes, 'TYPE') === 'VIDEO';
  if (entry.kind !== 'variant') return true;
  const codecs = getAttribute(entry.attributes, 'CODECS');
  return shortSideOf(entry) !== undefined || codecs === undefined || !codecs.split(',').every((codec) => SOUND_CODEC.test(codec.trim()));
}

/** Sound and text always; pictures within the limits, and where there are limits only those that are known to be. */
export const allowsPlaylist = (caps: ResolutionCaps, { shortSides, isPicture }: Pick<NamedPlaylist, 'shortSides' | 'isPicture'>): boolean =>
  !isPicture || !isCapped(caps) || shortSides.some((side) => isWithin(caps, side));
