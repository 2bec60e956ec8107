import { parseAttributes, quote, stringifyAttributes } from './attributes.ts';
import { PlaylistError } from './lex.ts';
import type { Attribute, AttributeList, Line, MediaPlaylist, MultivariantEntry, MultivariantPlaylist, Playlist, Segment } from './types.ts';
import { URI_ATTRIBUTES, type UriRole } from './uri-attributes.ts';
import { createVariables, type Variables } from './variables.ts';

/** The URI to write in place of one that stands there; the same one to leave it. */
export type MapUri = (uri: string, role: UriRole) => string;

/**
 * Every URI of a playlist, in lines and in attributes, also of tags that we do not know, through `map`. Everything else stays byte for
 * byte. `map` sees URIs with their variables replaced.
 *
 * @throws PlaylistError where it cannot tell which URI a player would see
 */
export function mapUris(playlist: MultivariantPlaylist, map: MapUri): MultivariantPlaylist;
export function mapUris(playlist: MediaPlaylist, map: MapUri): MediaPlaylist;
export function mapUris(playlist: Playlist, map: MapUri): Playlist;
export function mapUris(playlist: Playlist, map: MapUri): Playlist {
  const variables = createVariables();
  const replace: MapUri = (uri, role) => {
    const known = variables.substitute(uri);
    const mapped = map(known, role);
    return mapped === known ? uri : mapped;
  };
  if (playlist.kind === 'multivariant') {
    return { ...playlist, entries: playlist.entries.map((entry) => mapEntry(entry, replace, variables)) };
  }
  const mapLines = (lines: readonly Line[]): readonly Line[] => lines.map((line) => mapLine(line, replace, variables));
  return {
    ...playlist,
    header: mapLines(playlist.header),
    segments: playlist.segments.map(
      (segment): Segment => ({ ...segment, lines: mapLines(segment.lines), uri: replace(segment.uri, 'media') }),
    ),
    trailer: mapLines(playlist.trailer),
  };
}

function mapEntry(entry: MultivariantEntry, replace: MapUri, variables: Variables): MultivariantEntry {
  switch (entry.kind) {
    case 'variant':
      return { ...entry, attributes: mapAttributes('EXT-X-STREAM-INF', entry.attributes, replace), uri: replace(entry.uri, 'playlist') };
    case 'media':
      return { ...entry, attributes: mapAttributes('EXT-X-MEDIA', entry.attributes, replace) };
    case 'i-frame-variant':
      return { ...entry, attributes: mapAttributes('EXT-X-I-FRAME-STREAM-INF', entry.attributes, replace) };
    case 'image-variant':
      return { ...entry, attributes: mapAttributes('EXT-X-IMAGE-STREAM-INF', entry.attributes, replace) };
    case 'line':
      return { ...entry, line: mapLine(entry.line, replace, variables) };
  }
}

function mapLine(line: Line, replace: MapUri, variables: Variables): Line {
  if (line.kind !== 'tag' || line.value === undefined) return line;
  if (line.name === 'EXT-X-DEFINE') variables.define(line.value);
  const attributes = readAttributes(line.name, line.value);
  const mapped = attributes === undefined ? undefined : mapAttributes(line.name, attributes, replace);
  return mapped === undefined || mapped === attributes ? line : { ...line, value: stringifyAttributes(mapped) };
}

/** Undefined for a tag whose value is none, as `EXTINF`'s. */
function readAttributes(name: string, value: string): AttributeList | undefined {
  if (URI_ATTRIBUTES[name] !== undefined) return parseAttributes(value);
  // Most lines of a long playlist: nothing to look for. EXTINF ends with a title in anybody's words.
  if (name === 'EXTINF' || !value.includes('URI')) return undefined;
  try {
    return parseAttributes(value);
  } catch (error) {
    if (!(error instanceof PlaylistError) || /URI\s*=/.test(value)) throw error;
    return undefined;
  }
}

const roleOf = (tag: string, attribute: string): UriRole | undefined => {
  const known = URI_ATTRIBUTES[tag]?.[attribute];
  return known ?? (attribute === 'URI' || attribute.endsWith('-URI') ? 'unknown' : undefined);
};

/** The list itself where nothing in it changes. */
function mapAttributes(tag: string, attributes: AttributeList, replace: MapUri): AttributeList {
  const mapped = attributes.map((attribute): Attribute => {
    const [name, value, ...spacing] = attribute;
    const role = roleOf(tag, name);
    if (role === undefined) return attribute;
    if (!value.startsWith('"')) throw new PlaylistError(`${name} of ${tag} is not a quoted string`);
    return [name, quote(replace(value.slice(1, -1), role)), ...spacing];
  });
  return mapped.every(([, value], index) => value === attributes[index]?.[1]) ? attributes : mapped;
}
