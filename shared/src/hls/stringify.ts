import { stringifyAttributes } from './attributes.ts';
import { stringifyLines } from './lex.ts';
import type { Line, MediaPlaylist, MultivariantEntry, MultivariantPlaylist, Segment } from './types.ts';

export const tag = (name: string, value?: string): Line => (value === undefined ? { kind: 'tag', name } : { kind: 'tag', name, value });

export function stringifyPlaylist(playlist: MultivariantPlaylist | MediaPlaylist): string {
  const body =
    playlist.kind === 'multivariant'
      ? playlist.entries.flatMap(entryLines)
      : [...playlist.header, ...playlist.segments.flatMap(segmentLines), ...playlist.trailer];
  return stringifyLines([tag('EXTM3U'), ...body]);
}

function entryLines(entry: MultivariantEntry): readonly Line[] {
  switch (entry.kind) {
    case 'variant':
      return [tag('EXT-X-STREAM-INF', stringifyAttributes(entry.attributes)), { kind: 'uri', uri: entry.uri }];
    case 'i-frame-variant':
      return [tag('EXT-X-I-FRAME-STREAM-INF', stringifyAttributes(entry.attributes))];
    case 'media':
      return [tag('EXT-X-MEDIA', stringifyAttributes(entry.attributes))];
    case 'line':
      return [entry.line];
  }
}

function segmentLines(segment: Segment): readonly Line[] {
  return [
    ...segment.tags,
    // The comma is part of the grammar even without a title (RFC 8216 section 4.3.2.1).
    tag('EXTINF', `${stringifySeconds(segment.durationSeconds)},${segment.title}`),
    { kind: 'uri', uri: segment.uri },
  ];
}

/** Microseconds, without trailing zeros: 4, 4.004, 2.016667. */
function stringifySeconds(seconds: number): string {
  return seconds.toFixed(6).replace(/\.?0+$/, '');
}
