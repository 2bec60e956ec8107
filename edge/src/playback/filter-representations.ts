import type { XmlElement } from '@mediaflow/shared/dash/xml';
import { shortSideOfId } from '@mediaflow/shared/rendition';
import type { PlaylistRules } from '@mediaflow/shared/token';
import { chooseCaps, isWithin, type ResolutionCaps } from './choose-caps.ts';
import { chooseCodecs, codecFamilyOf, type VideoCodecFamily } from './choose-codecs.ts';
import { setMainSubtitles } from './default-subtitles.ts';
import { isKept } from './is-kept.ts';

export interface FilteredManifest {
  readonly mpd: XmlElement;
  readonly caps: ResolutionCaps;
}

/**
 * The stored MPD as `rules` allow it, as `filterVariants` does with HLS. A DASH player orders representations by itself.
 */
export function filterRepresentations(
  mpd: XmlElement,
  rules: PlaylistRules,
  shortSideOf: (representation: XmlElement) => number | undefined = shortSideByName,
): FilteredManifest {
  const all = representationsIn(mpd);
  // Pictures for trick play alone are no film.
  const film = all.filter(({ isTrickPlay }) => !isTrickPlay);
  const caps = chooseCaps(
    film.flatMap(({ element }) => shortSideOf(element) ?? []),
    rules,
  );
  const isSized = ({ element }: Representation): boolean => isWithin(caps, shortSideOf(element));
  const families = chooseCodecs(new Set(film.filter(isSized).flatMap(({ family }) => family ?? [])), rules);
  const isCoded = ({ family }: Representation): boolean => rules.codecs === undefined || isKept(family, families);
  const kept = new Set(all.filter((representation) => isSized(representation) && isCoded(representation)).map(({ element }) => element));
  const filtered = keepRepresentations(mpd, (element) => kept.has(element));
  const { defaultSubtitlesLanguage: language } = rules;
  return { mpd: language === undefined ? filtered : setMainSubtitles(filtered, language), caps };
}

/** Of a picture's representation, whose id is the rendition's; undefined for sound and text. */
const shortSideByName = ({ attributes }: XmlElement): number | undefined => shortSideOfId(attributes.id ?? '');

const isNamed = (child: XmlElement | string, name: string): child is XmlElement => typeof child === 'object' && child.name === name;

interface Representation {
  readonly element: XmlElement;
  /** Undefined for sound and text. */
  readonly family: VideoCodecFamily | undefined;
  readonly isTrickPlay: boolean;
}

/** Every representation; codecs and what it is for its set may state for all (ISO/IEC 23009-1, 5.3.7.2). */
function representationsIn(
  element: XmlElement,
  inherited: Partial<Pick<Representation, 'isTrickPlay'>> & { codecs?: string } = {},
): readonly Representation[] {
  const codecs = element.attributes.codecs ?? inherited.codecs;
  const isTrickPlay = inherited.isTrickPlay === true || isForTrickPlay(element);
  if (element.name === 'Representation') return [{ element, family: codecFamilyOf(codecs), isTrickPlay }];
  const outer = { isTrickPlay, ...(codecs !== undefined && { codecs }) };
  return element.children.flatMap((child) => (typeof child === 'string' ? [] : representationsIn(child, outer)));
}

/** DASH-IF IOP 4.3, 3.2.9. */
const TRICK_MODE = 'http://dashif.org/guidelines/trickmode';

/** Thumbnails (DASH-IF IOP 4.3, 6.2.6), and what is marked so. */
const isForTrickPlay = ({ attributes: { contentType = '', mimeType = '' }, children }: XmlElement): boolean =>
  contentType === 'image' ||
  mimeType.startsWith('image/') ||
  children.some((child) => typeof child === 'object' && child.attributes.schemeIdUri === TRICK_MODE);

/** An adaptation set that loses all its representations goes with them: an empty one is not valid (ISO/IEC 23009-1, 5.3.3). */
export function keepRepresentations(element: XmlElement, shouldKeep: (representation: XmlElement) => boolean): XmlElement {
  const children = element.children.flatMap((child): readonly (XmlElement | string)[] => {
    if (typeof child === 'string') return [child];
    if (isNamed(child, 'Representation')) return shouldKeep(child) ? [child] : [];
    const filtered = keepRepresentations(child, shouldKeep);
    const isEmptySet = isNamed(child, 'AdaptationSet') && !filtered.children.some((inner) => isNamed(inner, 'Representation'));
    return isEmptySet ? [] : [filtered];
  });
  return { ...element, children };
}
