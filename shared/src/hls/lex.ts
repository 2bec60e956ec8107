import type { Line } from './types.ts';

/** Longer playlists are refused before any work: 8 MB holds a day of 4 s segments with long URIs. */
const MAX_LENGTH = 8 * 1024 * 1024;

export class PlaylistError extends Error {
  override readonly name = 'PlaylistError';
}

/** Text to lines, in linear time. `stringifyLines` is the inverse, up to line endings. */
export function lexPlaylist(text: string): readonly Line[] {
  if (text.length > MAX_LENGTH) throw new PlaylistError('playlist is longer than 8 MB');
  const lines = text.split('\n').map((line) => lexLine(line.endsWith('\r') ? line.slice(0, -1) : line));
  const [first] = lines;
  if (first?.kind !== 'tag' || first.name !== 'EXTM3U') throw new PlaylistError('playlist does not begin with #EXTM3U');
  // The newline that ends the last line is not a blank line of its own.
  return lines.at(-1)?.kind === 'blank' ? lines.slice(0, -1) : lines;
}

function lexLine(line: string): Line {
  if (line.trim() === '') return { kind: 'blank' };
  if (!line.startsWith('#')) return { kind: 'uri', uri: line.trim() };
  if (!line.startsWith('#EXT')) return { kind: 'comment', text: line };
  const colon = line.indexOf(':');
  if (colon < 0) return { kind: 'tag', name: line.slice(1).trimEnd() };
  return { kind: 'tag', name: line.slice(1, colon), value: line.slice(colon + 1) };
}

export function stringifyLines(lines: readonly Line[]): string {
  return `${lines.map(stringifyLine).join('\n')}\n`;
}

function stringifyLine(line: Line): string {
  switch (line.kind) {
    case 'tag':
      return line.value === undefined ? `#${line.name}` : `#${line.name}:${line.value}`;
    case 'uri':
      return line.uri;
    case 'comment':
      return line.text;
    case 'blank':
      return '';
  }
}
