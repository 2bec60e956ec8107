import type { Line } from './types.ts';

/** Longer playlists are refused before any work: 8 MB holds a day of 4 s segments with long URIs. */
const MAX_LENGTH = 8 * 1024 * 1024;
const MAX_LINE_LENGTH = 64 * 1024;
const MAX_LINES = 200_000;

export class PlaylistError extends Error {
  override readonly name = 'PlaylistError';

  /** @param lineNumber counted from 1; undefined where the fault is no single line's */
  constructor(message: string, lineNumber?: number) {
    super(lineNumber === undefined ? message : `line ${lineNumber}: ${message}`);
  }
}

/**
 * RFC 8216bis section 4.1 forbids them, and a dot of a player's regular expression ends at U+2028; a carriage return counts only as half of a line break. Players differ in where they see a
 * line end in such text, so that one could follow a URI which another takes for a comment.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]|\r(?!\n)/;

/** Text to lines, in linear time. `stringifyLines` is the inverse, byte for byte. */
export function lexPlaylist(text: string): readonly Line[] {
  if (text.length > MAX_LENGTH) throw new PlaylistError('the playlist is longer than 8 MB');
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const next = feed < 0 ? text.length : feed + 1;
    lines.push(lexLine(text.slice(start, next), lines.length + 1));
    start = next;
  }
  const [first] = lines;
  if (first?.kind !== 'tag' || first.name !== 'EXTM3U') throw new PlaylistError('the playlist does not begin with #EXTM3U', 1);
  return lines;
}

const BYTE_ORDER_MARK = '\ufeff';

/** @param text with its line break */
function lexLine(text: string, number: number): Line {
  if (text.length > MAX_LINE_LENGTH) throw new PlaylistError('the line is longer than 64 KB', number);
  if (number > MAX_LINES) throw new PlaylistError(`the playlist has more than ${MAX_LINES} lines`, number);
  if (CONTROL.test(text)) throw new PlaylistError('the line holds a control character', number);
  const lead = number === 1 && text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const content = text.slice(lead.length).trimEnd();
  const end = text.slice(lead.length + content.length);
  const spacing = { ...(lead !== '' && { lead }), ...(end !== '\n' && { end }) };
  if (content === '') return { kind: 'blank', ...spacing };
  if (!content.startsWith('#')) return lexUri(content, spacing, number);
  if (!content.startsWith('#EXT')) return { kind: 'comment', text: content, ...spacing };
  const colon = content.indexOf(':');
  if (colon < 0) return { kind: 'tag', name: content.slice(1), ...spacing };
  return { kind: 'tag', name: content.slice(1, colon), value: content.slice(colon + 1), ...spacing };
}

function lexUri(content: string, spacing: { readonly end?: string }, number: number): Line {
  const uri = content.trimStart();
  // Some players trim the line first and would see a tag.
  if (uri.startsWith('#')) throw new PlaylistError('white space stands before a tag', number);
  const lead = content.slice(0, content.length - uri.length);
  return { kind: 'uri', uri, ...spacing, ...(lead !== '' && { lead }) };
}

export function stringifyLines(lines: readonly Line[]): string {
  const last = lines.length - 1;
  return lines.map((line, index) => stringifyLine(line, index === last)).join('');
}

/** A line that was the last one may have no line break, and others may follow it now. */
function stringifyLine(line: Line, isLast: boolean): string {
  const { lead = '', end = '\n' } = line;
  return lead + contentOf(line) + (isLast || end.endsWith('\n') ? end : `${end}\n`);
}

function contentOf(line: Line): string {
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
