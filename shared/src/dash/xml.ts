/** An element as MPDs need it: no comments, no CDATA, no processing instructions. */
export interface XmlElement {
  readonly name: string;
  /** Unescaped, in document order. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Elements, or one text. */
  readonly children: readonly (XmlElement | string)[];
}

export class XmlError extends Error {
  override readonly name = 'XmlError';
}

/** Attributes that are undefined are left out. */
export function xmlElement(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  ...children: readonly (XmlElement | string)[]
): XmlElement {
  const given = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)] as const]));
  return { name, attributes: Object.fromEntries(given), children };
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** A document with one element a line; `parseXml` is the inverse. */
export function stringifyXml(root: XmlElement): string {
  return `${[DECLARATION, ...elementLines(root, '')].join('\n')}\n`;
}

function elementLines({ name, attributes, children }: XmlElement, indent: string): readonly string[] {
  const start = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escapeText(value)}"`)].join(' ');
  if (children.length === 0) return [`${indent}<${start}/>`];
  const [text] = children;
  if (typeof text === 'string') return [`${indent}<${start}>${escapeText(text)}</${name}>`];
  const inner = children.flatMap((child) => (typeof child === 'string' ? [] : elementLines(child, `${indent}  `)));
  return [`${indent}<${start}>`, ...inner, `${indent}</${name}>`];
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const UNESCAPES = new Map(Object.entries(ESCAPES).map(([char, entity]) => [entity, char]));
/** Not even as a reference may these stand in XML 1.0 (section 2.2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

const escapeText = (text: string): string => text.replace(FORBIDDEN, '').replace(/[&<>"]/g, (char) => ESCAPES[char] ?? char);
const unescapeText = (text: string): string => text.replace(/&\w+;/g, (entity) => UNESCAPES.get(entity) ?? entity);

/** Longer documents are refused before any work: 8 MB hold a day of segments in many tracks. */
const MAX_LENGTH = 8 * 1024 * 1024;
const MAX_DEPTH = 32;

/** Text, an end tag or a start tag. Sticky, and no part can begin inside the one before it, so the work is linear. */
const TOKEN =
  /(?<text>[^<]+)|<\/(?<end>[A-Za-z][\w:.-]*)>|<(?<start>[A-Za-z][\w:.-]*)(?<attributes>(?:\s+[A-Za-z][\w:.-]*="[^"<]*")*)\s*(?<empty>\/?)>/y;
const ATTRIBUTE = /([A-Za-z][\w:.-]*)="([^"<]*)"/g;

type Token = Readonly<Partial<Record<'text' | 'end' | 'start' | 'attributes' | 'empty', string>>>;

function* lexXml(text: string): Generator<Token> {
  if (text.length > MAX_LENGTH) throw new XmlError('document is longer than 8 MB');
  const pattern = new RegExp(TOKEN);
  pattern.lastIndex = text.startsWith('<?xml') ? text.indexOf('?>') + 2 : 0;
  while (pattern.lastIndex < text.length) {
    const position = pattern.lastIndex;
    const token = pattern.exec(text)?.groups;
    if (token === undefined) throw new XmlError(`unexpected "${text.slice(position, position + 40)}"`);
    if (token.text?.trim() !== '') yield token;
  }
}

interface OpenElement extends XmlElement {
  readonly children: (XmlElement | string)[];
}

/**
 * The root element of what `stringifyXml` writes; space between elements is nothing.
 * @throws XmlError for any other XML, which no document of ours holds
 */
export function parseXml(text: string): XmlElement {
  const top: OpenElement = { name: '', attributes: {}, children: [] };
  const open: OpenElement[] = [];
  for (const token of lexXml(text)) {
    const parent = open.at(-1) ?? top;
    if (token.end === undefined) {
      const child = toChild(token);
      parent.children.push(child);
      if (typeof child === 'object' && token.empty === '') open.push(child);
      if (open.length > MAX_DEPTH) throw new XmlError('elements are nested too deep');
    } else if (open.pop()?.name !== token.end) {
      throw new XmlError(`unexpected end of ${token.end}`);
    }
  }
  const [root, second] = top.children;
  if (open.length > 0 || second !== undefined || typeof root !== 'object') throw new XmlError('not one whole element');
  return root;
}

const toChild = ({ start, attributes = '', text = '' }: Token): OpenElement | string =>
  start === undefined ? unescapeText(text) : { name: start, attributes: parseAttributes(attributes), children: [] };

const parseAttributes = (text: string): XmlElement['attributes'] =>
  Object.fromEntries(Array.from(text.matchAll(ATTRIBUTE), ([, name = '', value = '']) => [name, unescapeText(value)]));
