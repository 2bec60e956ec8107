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

const BYTE_ORDER_MARK = '\ufeff';

/** Text to lines, in linear time. `stringifyLines` is the inverse, byte for byte. */
export function lexPlaylist(text: string): readonly Line[] {
  if (text.length > MAX_LENGTH) throw new PlaylistError('the playlist is longer than 8 MB');
  const control = text.search(CONTROL);
  if (control >= 0) throw new PlaylistError('the line holds a control character', text.slice(0, control).split('\n').length);
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

/** @param text with its line break */
function lexLine(text: string, number: number): Line {
  if (text.length > MAX_LINE_LENGTH) throw new PlaylistError('the line is longer than 64 KB', number);
  if (number > MAX_LINES) throw new PlaylistError(`the playlist has more than ${MAX_LINES} lines`, number);
  const lead = number === 1 && text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const content = text.slice(lead.length).trimEnd();
  const end = text.slice(lead.length + content.length);
  const line = lexContent(content, number);
  if (end !== '\n') line.end = end;
  return lead === '' ? line : { ...line, lead };
}

/** A line under construction: most have a plain line feed and no need of another object. */
type OpenLine = Line & { end?: string };

function lexContent(content: string, number: number): OpenLine {
  if (content === '') return { kind: 'blank' };
  if (!content.startsWith('#')) return lexUri(content, number);
  if (!content.startsWith('#EXT')) return { kind: 'comment', text: content };
  const colon = content.indexOf(':');
  if (colon < 0) return { kind: 'tag', name: content.slice(1) };
  return { kind: 'tag', name: content.slice(1, colon), value: content.slice(colon + 1) };
}

function lexUri(content: string, number: number): OpenLine {
  const uri = content.trimStart();
  // Some players trim the line first and would see a tag.
  if (uri.startsWith('#')) throw new PlaylistError('white space stands before a tag', number);
  if (uri.length === content.length) return { kind: 'uri', uri };
  return { kind: 'uri', uri, lead: content.slice(0, content.length - uri.length) };
}

export function stringifyLines(lines: Iterable<Line>): string {
  let text = '';
  let isBroken = true;
  for (const line of lines) {
    const { lead = '', end = '\n' } = line;
    // What was the last line may have no line break, and others may follow it now.
    text += `${isBroken ? '' : '\n'}${lead}${contentOf(line)}${end}`;
    isBroken = end.endsWith('\n');
  }
  return text;
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
