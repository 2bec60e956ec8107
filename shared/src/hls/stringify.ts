import { stringifyAttributes } from './attributes.ts';
import { stringifyLines } from './lex.ts';
import type { AttributeList, Line, MultivariantEntry, Playlist, Segment, Spacing, TagLine } from './types.ts';

export const tag = (name: string, value?: string): TagLine => (value === undefined ? { kind: 'tag', name } : { kind: 'tag', name, value });

/** @param tags those ahead of `EXTINF` */
export function segment(durationSeconds: number, uri: string, tags: readonly Line[] = []): Segment {
  // The comma is part of the grammar even without a title (RFC 8216 section 4.3.2.1).
  return { durationSeconds, uri, lines: [...tags, tag('EXTINF', `${stringifySeconds(durationSeconds)},`)] };
}

/** Microseconds, without trailing zeros: 4, 4.004, 2.016667. */
export function stringifySeconds(seconds: number): string {
  return seconds.toFixed(6).replace(/\.?0+$/, '');
}

export const stringifyPlaylist = (playlist: Playlist): string => stringifyLines(linesOf(playlist));

function* linesOf(playlist: Playlist): Generator<Line> {
  yield playlist.opening ?? tag('EXTM3U');
  if (playlist.kind === 'multivariant') {
    for (const entry of playlist.entries) yield* entryLines(entry);
    return;
  }
  yield* playlist.header;
  for (const part of playlist.segments) {
    yield* part.lines;
    yield uriLine(part);
  }
  yield* playlist.trailer;
}

function entryLines(entry: MultivariantEntry): readonly Line[] {
  switch (entry.kind) {
    case 'variant':
      return [attributeTag('EXT-X-STREAM-INF', entry), ...(entry.between ?? []), uriLine(entry)];
    case 'i-frame-variant':
      return [attributeTag('EXT-X-I-FRAME-STREAM-INF', entry)];
    case 'image-variant':
      return [attributeTag('EXT-X-IMAGE-STREAM-INF', entry)];
    case 'media':
      return [attributeTag('EXT-X-MEDIA', entry)];
    case 'line':
      return [entry.line];
  }
}

const attributeTag = (name: string, { attributes, lead, end }: Spacing & { readonly attributes: AttributeList }): Line => ({
  ...tag(name, stringifyAttributes(attributes)),
  ...(lead !== undefined && { lead }),
  ...(end !== undefined && { end }),
});

const uriLine = ({ uri, uriSpacing }: { readonly uri: string; readonly uriSpacing?: Spacing }): Line => ({
  kind: 'uri',
  uri,
  ...uriSpacing,
});
