import { parseXml, type XmlElement } from '../dash/xml.ts';
import { PlaylistRefusal } from './playlist-refusal.ts';
import { type PlaylistPlace, resolveUri } from './resolve-uri.ts';

/** A customer's MPD, checked: every URL in it is a plain path below the prefix, or a template of such paths. */
export interface ExternalMpd {
  readonly kind: 'mpd';
  /** Without BaseURLs of its own: those below count from `base`. */
  readonly mpd: XmlElement;
  /** Folder or file that URLs count from, below the prefix; empty for the prefix itself. */
  readonly base: string;
  readonly representations: readonly ExternalRepresentation[];
  readonly durationSeconds: number;
}

export interface ExternalRepresentation {
  readonly id: string;
  /** Short side of a picture in pixels; undefined for sound and text. */
  readonly shortSide?: number;
  readonly width?: number;
  readonly height?: number;
  readonly isPicture: boolean;
  /** Of its files, below the prefix: plain paths, and the same with `$Number$` or `$Time$` as templates. */
  readonly files: readonly string[];
}

/** They send a player to other places, or on behalf of others. */
const UNSUPPORTED_ELEMENTS = new Set([
  'Location',
  'PatchLocation',
  'ContentSteering',
  'UTCTiming',
  'Metrics',
  'ContentProtection',
  'EventStream',
]);
const URL_ATTRIBUTES = new Set(['media', 'initialization', 'index', 'bitstreamSwitching', 'sourceURL']);
/** Names of schemes and schemas, which nobody fetches. */
const NAME_ATTRIBUTE = /^(?:xmlns(?::.*)?|xsi:schemaLocation|schemeIdUri|profiles)$/;
/** XLink's, whatever its namespace is called: Shaka goes by the declaration. */
const REMOTE_ATTRIBUTE = /^xlink:|:(?:href|actuate)$/;
/** `https:evil.test` has no slashes and is yet another host's to a page of http (WHATWG URL, "special authority slashes state"). */
const OTHER_HOST = /\/\/|\\|^\s*(?:https?|wss?|ftp|file):/i;
const COMMENT = /<!--(?:[^-]|-(?!-))*-->/g;

/**
 * Reads a customer's MPD (ISO/IEC 23009-1).
 * @throws PlaylistRefusal for a URL that is not a plain path below the prefix, and for what leads to files nobody has checked
 * @throws XmlError for what is none
 */
export function readMpd(text: string, place: PlaylistPlace): ExternalMpd {
  const root = withoutInformation(parseXml(text.replace(COMMENT, '').trim()));
  if (root.name !== 'MPD') throw new PlaylistRefusal('not_mpd', 'It is no MPD.');
  if (root.attributes.type === 'dynamic') throw new PlaylistRefusal('live', 'It is not static: only finished videos can be registered.');
  assertSafe(root);
  const base = baseOf(root, place.path, place);
  const walker = { place, representations: [] as ExternalRepresentation[] };
  for (const child of elementsOf(root)) collect(child, { base, inherited: [], attributes: {} }, walker);
  if (walker.representations.length === 0) throw new PlaylistRefusal('empty', 'It names no representation.');
  return {
    kind: 'mpd',
    mpd: { ...root, children: root.children.filter((child) => !isNamed(child, 'BaseURL')) },
    base,
    representations: walker.representations,
    durationSeconds: parseDuration(root.attributes.mediaPresentationDuration ?? ''),
  };
}

const elementsOf = ({ children }: XmlElement): readonly XmlElement[] => children.filter((child) => typeof child === 'object');
const isNamed = (child: XmlElement | string, name: string): boolean => typeof child === 'object' && child.name === name;

/** MP4Box names its maker's page in each MPD. No player goes there, and no viewer shall be told to. */
function withoutInformation(root: XmlElement): XmlElement {
  const children = root.children.map((child) => {
    if (typeof child === 'string' || child.name !== 'ProgramInformation') return child;
    const { moreInformationURL: _, ...attributes } = child.attributes;
    return { ...child, attributes };
  });
  return { ...root, children };
}

function assertSafe(element: XmlElement): void {
  const { name, attributes, children } = element;
  // dash.js takes the prefix off: `d:BaseURL` is a BaseURL to it, and something unknown to others.
  if (name.includes(':') || UNSUPPORTED_ELEMENTS.has(name)) throw new PlaylistRefusal('unsupported', `<${name}> is not supported.`);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (REMOTE_ATTRIBUTE.test(attribute)) throw new PlaylistRefusal('unsupported', `${attribute} of <${name}> is not supported.`);
    if (!NAME_ATTRIBUTE.test(attribute) && OTHER_HOST.test(value)) throw refuse('other_host', value);
  }
  for (const child of children) if (typeof child === 'object') assertSafe(child);
}

interface Level {
  /** That URLs of this level count from. */
  readonly base: string;
  /** Elements that address segments, from the outermost level in. */
  readonly inherited: readonly XmlElement[];
  /** Of the adaptation set, for its representations. */
  readonly attributes: XmlElement['attributes'];
}

const ADDRESSING = new Set(['SegmentTemplate', 'SegmentList', 'SegmentBase']);

function collect(
  element: XmlElement,
  level: Level,
  walker: { readonly place: PlaylistPlace; readonly representations: ExternalRepresentation[] },
): void {
  if (!['Period', 'AdaptationSet', 'Representation'].includes(element.name)) return;
  const base = baseOf(element, level.base, walker.place);
  const inherited = [...level.inherited, ...elementsOf(element).filter(({ name }) => ADDRESSING.has(name))];
  const attributes = { ...level.attributes, ...element.attributes };
  if (element.name === 'Representation') {
    walker.representations.push(toRepresentation(attributes, filesOf({ base, inherited, attributes }, walker.place)));
    return;
  }
  for (const child of elementsOf(element)) collect(child, { base, inherited, attributes }, walker);
}

/** Paths count from it as URLs do from a base: a file's are its folder's (RFC 3986, 5.2). */
function baseOf(element: XmlElement, outer: string, place: PlaylistPlace): string {
  const [url, second] = elementsOf(element).filter(({ name }) => name === 'BaseURL');
  if (url === undefined) return outer;
  if (second !== undefined) throw new PlaylistRefusal('unsupported', 'Several <BaseURL> of one element are not supported.');
  const text = url.children.map((child) => (typeof child === 'string' ? child.trim() : '')).join('');
  // Only in the MPD's own, which is replaced, may a path be absolute: others are left to the player.
  if (element.name !== 'MPD' && text.startsWith('/')) throw refuse('outside', text);
  if (!text.endsWith('/')) return resolve(text, outer, place);
  return resolve(`${text}x`, outer, place).slice(0, -1);
}

function resolve(uri: string, base: string, { prefix }: PlaylistPlace): string {
  const resolved = resolveUri(uri, { prefix, path: base });
  if ('path' in resolved) return resolved.path;
  throw refuse(resolved.refusal, uri);
}

const refuse = (reason: string, uri: string): PlaylistRefusal =>
  new PlaylistRefusal(reason, `It names ${JSON.stringify(uri.slice(0, 200))}, which is no plain path below the prefix.`);

function filesOf({ base, inherited, attributes }: Level, place: PlaylistPlace): readonly string[] {
  const urls = inherited.flatMap((element) => urlsIn(element));
  // Segments of one file, which the BaseURL is (5.3.9.1).
  const isFile = base !== '' && !base.endsWith('/') && base !== place.path;
  return [...new Set([...(isFile ? [base] : []), ...urls.map((url) => resolve(fill(url, attributes), base, place))])].map(open);
}

function urlsIn(element: XmlElement): readonly string[] {
  const own = Object.entries(element.attributes).flatMap(([name, value]) => (URL_ATTRIBUTES.has(name) ? [value] : []));
  return [...own, ...elementsOf(element).flatMap(urlsIn)];
}

/** In place of a number that differs from segment to segment, until the path is resolved. */
const NUMBER = '0NUMBER0';

/** A template's URL for one representation (5.3.9.4.4). */
function fill(url: string, { id = '', bandwidth = '' }: XmlElement['attributes']): string {
  return url.replace(/\$(?:(RepresentationID)|(Bandwidth|Number|Time)(?:%0(\d{1,2})d)?)\$/g, (_, isId, name, width) => {
    if (isId !== undefined) return id;
    return name === 'Bandwidth' ? bandwidth.padStart(Number(width ?? 1), '0') : NUMBER;
  });
}

/** No key holds it. */
const OPEN = '$Number$';

/** With a number or two in a path the work to match it is small whatever the path is. */
function open(path: string): string {
  const parts = path.split(NUMBER);
  if (parts.length > 3) throw new PlaylistRefusal('unsupported', 'More than two numbers in one template are not supported.');
  return parts.join(OPEN);
}

/** Tells the files' paths, and what their templates make, from all others. */
export function matchFiles(files: readonly string[]): (path: string) => boolean {
  const plain = new Set(files);
  const templates = files.filter((file) => file.includes(OPEN)).map(toPattern);
  return (path) => plain.has(path) || templates.some((template) => template.test(path));
}

/** Between the literal parts stand digits alone. */
function toPattern(template: string): RegExp {
  const parts = template.split(OPEN).map((part) => part.replace(/[.-]/g, '\\$&'));
  return new RegExp(`^${parts.join('\\d{1,20}')}$`);
}

function toRepresentation(attributes: XmlElement['attributes'], files: readonly string[]): ExternalRepresentation {
  const [width, height] = [Number(attributes.width ?? 0), Number(attributes.height ?? 0)];
  const type = `${attributes.contentType ?? ''} ${attributes.mimeType ?? ''}`;
  const isSized = width > 0 && height > 0;
  return {
    id: attributes.id ?? '',
    isPicture: isSized || !/\b(?:audio|text)\b/.test(type),
    ...(isSized && { width, height, shortSide: Math.min(width, height) }),
    files,
  };
}

/** XML Schema part 2, 3.2.6. Years and months, of which none is said how long it is, are 0: some packagers write them out. */
const DURATION = /^P(?:0+Y)?(?:0+M)?(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?$/;

function parseDuration(text: string): number {
  const [, days, hours, minutes, seconds] = DURATION.exec(text) ?? [];
  return Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}
