import { parseAttributes } from './attributes.ts';
import { lexPlaylist, PlaylistError } from './lex.ts';
import type { Line, MediaPlaylist, MultivariantEntry, MultivariantPlaylist, Segment } from './types.ts';

/** Text to model; `stringifyPlaylist` is the inverse. Which of the two kinds it is follows from its tags (RFC 8216 section 4). */
export function parsePlaylist(text: string): MultivariantPlaylist | MediaPlaylist {
  const lines = lexPlaylist(text).slice(1);
  const isMedia = lines.some((line) => line.kind === 'tag' && (line.name === 'EXTINF' || line.name === 'EXT-X-TARGETDURATION'));
  return isMedia ? parseMedia(lines) : parseMultivariant(lines);
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

function parseMultivariant(lines: readonly Line[]): MultivariantPlaylist {
  const entries: MultivariantEntry[] = [];
  let streamInf: string | undefined;
  for (const line of lines) {
    if (streamInf !== undefined) {
      if (line.kind !== 'uri') throw new PlaylistError('EXT-X-STREAM-INF is not followed by a URI');
      entries.push({ kind: 'variant', attributes: parseAttributes(streamInf), uri: line.uri });
      streamInf = undefined;
    } else if (line.kind === 'uri') {
      throw new PlaylistError('URI without EXT-X-STREAM-INF');
    } else if (line.kind === 'tag' && line.name === 'EXT-X-STREAM-INF') {
      streamInf = line.value ?? '';
    } else {
      entries.push(toEntry(line));
    }
  }
  if (streamInf !== undefined) throw new PlaylistError('EXT-X-STREAM-INF is not followed by a URI');
  return { kind: 'multivariant', entries };
}

function toEntry(line: Line): MultivariantEntry {
  if (line.kind === 'tag' && line.name === 'EXT-X-MEDIA') return { kind: 'media', attributes: parseAttributes(line.value ?? '') };
  if (line.kind === 'tag' && line.name === 'EXT-X-I-FRAME-STREAM-INF') {
    return { kind: 'i-frame-variant', attributes: parseAttributes(line.value ?? '') };
  }
  return { kind: 'line', line };
}

/** Tags that open the part before a segment; all others ahead of the first segment are header. */
const SEGMENT_TAGS = new Set([
  'EXTINF',
  'EXT-X-BYTERANGE',
  'EXT-X-DISCONTINUITY',
  'EXT-X-KEY',
  'EXT-X-MAP',
  'EXT-X-PROGRAM-DATE-TIME',
  'EXT-X-GAP',
  'EXT-X-BITRATE',
]);

function parseMedia(lines: readonly Line[]): MediaPlaylist {
  const header: Line[] = [];
  const segments: Segment[] = [];
  let pending: Line[] = [];
  let info: { durationSeconds: number; title: string } | undefined;
  for (const line of lines) {
    if (line.kind === 'uri') {
      if (info === undefined) throw new PlaylistError('segment without EXTINF');
      segments.push({ ...info, uri: line.uri, tags: pending });
      [info, pending] = [undefined, []];
    } else if (line.kind === 'tag' && line.name === 'EXTINF') {
      info = parseInfo(line.value ?? '');
    } else if (segments.length === 0 && pending.length === 0 && !(line.kind === 'tag' && SEGMENT_TAGS.has(line.name))) {
      header.push(line);
    } else {
      pending.push(line);
    }
  }
  if (info !== undefined) throw new PlaylistError('EXTINF without a segment');
  return { kind: 'media', header, segments, trailer: pending };
}

function parseInfo(value: string): { durationSeconds: number; title: string } {
  const comma = value.indexOf(',');
  const duration = comma < 0 ? value : value.slice(0, comma);
  if (!/^\d+(?:\.\d+)?$/.test(duration)) throw new PlaylistError(`EXTINF without a duration: "${value.slice(0, 40)}"`);
  return { durationSeconds: Number(duration), title: comma < 0 ? '' : value.slice(comma + 1) };
}
