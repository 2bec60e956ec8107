import { PlaylistError } from './lex.ts';
import type { Attribute, AttributeList } from './types.ts';

/** Sticky and free of nested repetition: each character is looked at once. */
const ATTRIBUTE = /(^\s*|(?!^)\s*,\s*)([A-Z0-9-]+)=("[^"\r\n]*"|[^",\s]*)/y;

/**
 * `NAME=value,NAME="quoted, value"` (RFC 8216 section 4.2). `stringifyAttributes` is the inverse, byte for byte; a comma after the last
 * value is let pass. Throws PlaylistError for what is not such a list.
 */
export function parseAttributes(text: string, lineNumber?: number): AttributeList {
  const attributes: Attribute[] = [];
  const pattern = new RegExp(ATTRIBUTE);
  let position = 0;
  while (position < text.length) {
    const match = pattern.exec(text);
    if (match === null) break;
    const [, before = '', name = '', value = ''] = match;
    attributes.push(before === plainBefore(attributes.length) ? [name, value] : [name, value, before]);
    position = pattern.lastIndex;
  }
  const rest = text.slice(position);
  const last = attributes.pop();
  if (last === undefined ? rest !== '' : rest !== '' && !isStray(rest)) {
    throw new PlaylistError(`bad attribute list at "${rest.slice(0, 40)}"`, lineNumber);
  }
  if (last !== undefined) attributes.push(rest === '' ? last : [last[0], last[1], last[2] ?? plainBefore(attributes.length), rest]);
  return attributes;
}

const isStray = (rest: string): boolean => rest.trim() === '' || rest.trim() === ',';

const plainBefore = (index: number): string => (index === 0 ? '' : ',');

export function stringifyAttributes(attributes: AttributeList): string {
  return attributes.map(([name, value, before, after = ''], index) => `${before ?? plainBefore(index)}${name}=${value}${after}`).join('');
}

/** The value without its quotes. */
export function getAttribute(attributes: AttributeList, name: string): string | undefined {
  const raw = attributes.find(([candidate]) => candidate === name)?.[1];
  return raw?.startsWith('"') ? raw.slice(1, -1) : raw;
}

/** Replaces the value in place, as it is written, or adds it at the end. */
export function setAttribute(attributes: AttributeList, name: string, value: string): AttributeList {
  if (attributes.some(([candidate]) => candidate === name)) {
    return attributes.map(([candidate, old, ...spacing]) => [candidate, candidate === name ? value : old, ...spacing] as const);
  }
  // What stood behind the last value would now stand in the middle.
  return [
    ...attributes.map(([candidate, old, before]) => (before === undefined ? [candidate, old] : [candidate, old, before]) as Attribute),
    [name, value],
  ];
}

/** As a quoted string, which can hold neither quotes nor line breaks. */
export function quote(value: string): string {
  if (/["\r\n]/.test(value)) throw new PlaylistError('a quoted string cannot hold quotes or line breaks');
  return `"${value}"`;
}
