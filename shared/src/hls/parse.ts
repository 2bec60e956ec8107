import { parseAttributes } from './attributes.ts';
import { lexPlaylist, PlaylistError } from './lex.ts';
import type {
  Line,
  MediaPlaylist,
  MultivariantEntry,
  MultivariantPlaylist,
  Playlist,
  Segment,
  Spacing,
  TagLine,
  Variant,
} from './types.ts';

/**
 * Text to model; `stringifyPlaylist` is the inverse, byte for byte. Which of the two kinds it is follows from its tags (RFC 8216
 * section 4).
 */
export function parsePlaylist(text: string): Playlist {
  const all = lexPlaylist(text);
  const [opening] = all;
  const lines = all.slice(1);
  const isMedia = lines.some((line) => line.kind === 'tag' && MEDIA_TAGS.has(line.name));
  return { ...(opening !== undefined && { opening }), ...(isMedia ? parseMedia(lines) : parseMultivariant(lines)) };
}

export function parseMultivariantPlaylist(text: string): MultivariantPlaylist {
  const playlist = parsePlaylist(text);
  if (playlist.kind !== 'multivariant') throw new PlaylistError('expected a multivariant playlist');
  return playlist;
}

export function parseMediaPlaylist(text: string): MediaPlaylist {
  const playlist = parsePlaylist(text);
  if (playlist.kind !== 'media') throw new PlaylistError('expected a media playlist');
  return playlist;
}

const MEDIA_TAGS = new Set(['EXTINF', 'EXT-X-TARGETDURATION']);
const MULTIVARIANT_TAGS = new Set(['EXT-X-STREAM-INF', 'EXT-X-I-FRAME-STREAM-INF', 'EXT-X-IMAGE-STREAM-INF', 'EXT-X-MEDIA']);

/** Of a line after the first, which the opening is. */
const lineNumber = (index: number): number => index + 2;

const spacingOf = ({ lead, end }: Spacing): Spacing => ({ ...(lead !== undefined && { lead }), ...(end !== undefined && { end }) });

const uriSpacingOf = (line: Spacing): { readonly uriSpacing?: Spacing } | undefined =>
  line.lead === undefined && line.end === undefined ? undefined : { uriSpacing: spacingOf(line) };

function parseMultivariant(lines: readonly Line[]): MultivariantPlaylist {
  const entries: MultivariantEntry[] = [];
  let open: (Pick<Variant, 'attributes'> & Spacing & { readonly between: Line[] }) | undefined;
  for (const [index, line] of lines.entries()) {
    if (line.kind === 'uri') {
      if (open === undefined) throw new PlaylistError('URI without EXT-X-STREAM-INF', lineNumber(index));
      entries.push(toVariant(open, line));
      open = undefined;
    } else if (open === undefined) {
      if (line.kind === 'tag' && line.name === 'EXT-X-STREAM-INF') open = { ...parseTag(line, lineNumber(index)), between: [] };
      else entries.push(toEntry(line, lineNumber(index)));
    } else if (line.kind === 'tag') {
      throw new PlaylistError('EXT-X-STREAM-INF is not followed by a URI', lineNumber(index));
    } else {
      open.between.push(line);
    }
  }
  if (open !== undefined) throw new PlaylistError('EXT-X-STREAM-INF is not followed by a URI', lineNumber(lines.length));
  return { kind: 'multivariant', entries };
}

function toVariant(
  { between, ...tag }: Pick<Variant, 'attributes'> & Spacing & { readonly between: readonly Line[] },
  line: Line & { readonly kind: 'uri' },
): Variant {
  return {
    kind: 'variant',
    ...tag,
    uri: line.uri,
    ...(between.length > 0 && { between }),
    ...uriSpacingOf(line),
  };
}

function toEntry(line: Line, number: number): MultivariantEntry {
  if (line.kind === 'tag' && line.name === 'EXT-X-MEDIA') return { kind: 'media', ...parseTag(line, number) };
  if (line.kind === 'tag' && line.name === 'EXT-X-I-FRAME-STREAM-INF') return { kind: 'i-frame-variant', ...parseTag(line, number) };
  if (line.kind === 'tag' && line.name === 'EXT-X-IMAGE-STREAM-INF') return { kind: 'image-variant', ...parseTag(line, number) };
  return { kind: 'line', line };
}

function parseTag(line: TagLine, number: number): Pick<Variant, 'attributes'> & Spacing {
  if (line.value === undefined) throw new PlaylistError(`${line.name} has no attributes`, number);
  return { attributes: parseAttributes(line.value, number), ...spacingOf(line) };
}

/** Tags that open the part before a segment; all others ahead of the first segment are header. */
const SEGMENT_TAGS = new Set([
  'EXTINF',
  'EXT-X-BYTERANGE',
  'EXT-X-DISCONTINUITY',
  'EXT-X-KEY',
  'EXT-X-MAP',
  'EXT-X-PART',
  'EXT-X-PROGRAM-DATE-TIME',
  'EXT-X-GAP',
  'EXT-X-BITRATE',
]);

function parseMedia(lines: readonly Line[]): MediaPlaylist {
  const segments: Segment[] = [];
  const firstOfSegment = lines.findIndex((line) => line.kind === 'uri' || (line.kind === 'tag' && SEGMENT_TAGS.has(line.name)));
  const headerEnd = firstOfSegment < 0 ? lines.length : firstOfSegment;
  let start = headerEnd;
  let durationSeconds: number | undefined;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (line?.kind === 'tag') {
      durationSeconds = readDuration(line, durationSeconds, lineNumber(index));
    } else if (line?.kind === 'uri') {
      if (durationSeconds === undefined) throw new PlaylistError('segment without EXTINF', lineNumber(index));
      segments.push({ durationSeconds, lines: lines.slice(start, index), uri: line.uri, ...uriSpacingOf(line) });
      durationSeconds = undefined;
      start = index + 1;
    }
  }
  if (durationSeconds !== undefined) throw new PlaylistError('EXTINF without a segment', lineNumber(lines.length));
  return { kind: 'media', header: lines.slice(0, headerEnd), segments, trailer: lines.slice(start) };
}

/** Of the segment that is open: as this tag states it, or as one before it did. */
function readDuration({ name, value = '' }: TagLine, open: number | undefined, number: number): number | undefined {
  if (MULTIVARIANT_TAGS.has(name)) throw new PlaylistError(`${name} in a media playlist`, number);
  if (name !== 'EXTINF') return open;
  if (open !== undefined) throw new PlaylistError('EXTINF without a segment', number);
  return parseDuration(value, number);
}

function parseDuration(value: string, number: number): number {
  const comma = value.indexOf(',');
  const duration = (comma < 0 ? value : value.slice(0, comma)).trim();
  if (!/^\d{1,9}(?:\.\d{1,20})?$/.test(duration)) throw new PlaylistError(`EXTINF without a duration: "${value.slice(0, 40)}"`, number);
  return Number(duration);
}
