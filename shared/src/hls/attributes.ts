import { PlaylistError } from './lex.ts';
import type { AttributeList } from './types.ts';

/** `NAME=value,NAME="quoted, value"` (RFC 8216 section 4.2). Keeps order and quotes; refuses what is not such a list. */
export function parseAttributes(text: string): AttributeList {
  const attributes: [string, string][] = [];
  // Sticky and free of nested repetition: each character is looked at once.
  const pattern = /\s*([A-Z0-9-]+)=("[^"\r\n]*"|[^",\s]*)\s*(?:,|$)/y;
  while (pattern.lastIndex < text.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match?.[1] === undefined || match[2] === undefined)
      throw new PlaylistError(`bad attribute list at "${text.slice(start, start + 40)}"`);
    attributes.push([match[1], match[2]]);
  }
  return attributes;
}

export function stringifyAttributes(attributes: AttributeList): string {
  return attributes.map(([name, value]) => `${name}=${value}`).join(',');
}

/** The value without its quotes. */
export function getAttribute(attributes: AttributeList, name: string): string | undefined {
  const raw = attributes.find(([candidate]) => candidate === name)?.[1];
  return raw?.startsWith('"') ? raw.slice(1, -1) : raw;
}

/** Replaces the value in place, keeping the old one's quotes, or adds it quoted at the end. */
export function setQuotedAttribute(attributes: AttributeList, name: string, value: string): AttributeList {
  if (/["\r\n]/.test(value)) throw new PlaylistError(`attribute ${name} cannot hold quotes or line breaks`);
  const quoted = `"${value}"`;
  return attributes.some(([candidate]) => candidate === name)
    ? attributes.map(([candidate, old]) => [candidate, candidate === name ? quoted : old] as const)
    : [...attributes, [name, quoted] as const];
}
