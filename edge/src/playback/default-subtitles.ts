import { type XmlElement, xmlElement } from '@mediaflow/shared/dash/xml';
import { getAttribute, setAttribute } from '@mediaflow/shared/hls/attributes';
import type { AttributeList, MultivariantEntry } from '@mediaflow/shared/hls/types';
import { matchLanguage } from './match-language.ts';

/** The entries with the subtitles of that language, not the forced ones, as their group's default; as they are where there are none. */
export function setDefaultSubtitles(entries: readonly MultivariantEntry[], range: string): readonly MultivariantEntry[] {
  const texts = entries.flatMap((entry) => (entry.kind === 'media' && isSubtitles(entry.attributes) ? [entry.attributes] : []));
  const choosable = texts.filter((attributes) => getAttribute(attributes, 'FORCED') !== 'YES');
  const languageOf = (attributes: AttributeList): string | undefined => getAttribute(attributes, 'LANGUAGE');
  const language = matchLanguage(choosable.map(languageOf), range);
  if (language === undefined) return entries;
  const groupOf = (attributes: AttributeList): string | undefined => getAttribute(attributes, 'GROUP-ID');
  // A group has one default at most (RFC 8216, 4.3.4.1.1).
  const firsts = Map.groupBy(
    choosable.filter((attributes) => languageOf(attributes) === language),
    groupOf,
  );
  return entries.map((entry) => {
    if (entry.kind !== 'media' || !isSubtitles(entry.attributes)) return entry;
    const isDefault = firsts.get(groupOf(entry.attributes))?.[0] === entry.attributes;
    return { ...entry, attributes: markDefault(entry.attributes, isDefault) };
  });
}

const isSubtitles = (attributes: AttributeList): boolean => getAttribute(attributes, 'TYPE') === 'SUBTITLES';

/** What is default must be open to the player's own choice too (RFC 8216, 4.3.4.1). */
function markDefault(attributes: AttributeList, isDefault: boolean): AttributeList {
  if (isDefault) return setAttribute(setAttribute(attributes, 'DEFAULT', 'YES'), 'AUTOSELECT', 'YES');
  return getAttribute(attributes, 'DEFAULT') === 'YES' ? setAttribute(attributes, 'DEFAULT', 'NO') : attributes;
}

const ROLE_SCHEME = 'urn:mpeg:dash:role:2011';

/** The same in an MPD: the role `main` of ISO/IEC 23009-1, 5.8.5.5. */
export function setMainSubtitles(mpd: XmlElement, range: string): XmlElement {
  const choosable = textSets(mpd).filter((set) => !hasRole(set, 'forced-subtitle'));
  const language = matchLanguage(
    choosable.map(({ attributes }) => attributes.lang),
    range,
  );
  if (language === undefined) return mpd;
  const main = choosable.find(({ attributes }) => attributes.lang === language);
  const mark = (element: XmlElement): XmlElement => {
    if (!isTextSet(element))
      return { ...element, children: element.children.map((child) => (typeof child === 'object' ? mark(child) : child)) };
    return markMain(element, element === main);
  };
  return mark(mpd);
}

function* walk(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) if (typeof child === 'object') yield* walk(child);
}

const isTextSet = ({ name, attributes }: XmlElement): boolean => name === 'AdaptationSet' && attributes.contentType === 'text';
const textSets = (mpd: XmlElement): readonly XmlElement[] => [...walk(mpd)].filter(isTextSet);
const isRole = (child: XmlElement | string, value: string): boolean =>
  typeof child === 'object' && child.name === 'Role' && child.attributes.schemeIdUri === ROLE_SCHEME && child.attributes.value === value;
const hasRole = (set: XmlElement, value: string): boolean => set.children.some((child) => isRole(child, value));

/** Ahead of the templates, where roles stand. */
function markMain(set: XmlElement, isMain: boolean): XmlElement {
  const others = set.children.filter((child) => !isRole(child, 'main'));
  if (!isMain) return { ...set, children: others };
  const at = others.findIndex((child) => typeof child === 'object' && child.name === 'SegmentTemplate');
  return { ...set, children: others.toSpliced(Math.max(0, at), 0, xmlElement('Role', { schemeIdUri: ROLE_SCHEME, value: 'main' })) };
}
