import type { XmlElement } from '@mediaflow/shared/dash/xml';
import { shortSideOfId } from '@mediaflow/shared/rendition';
import type { PlaylistRules } from '@mediaflow/shared/token';
import { chooseCodecs, codecFamilyOf, type VideoCodecFamily } from './choose-codecs.ts';
import { chooseShortSides, type ResolutionCaps } from './choose-short-sides.ts';
import { setMainSubtitles } from './default-subtitles.ts';
import { isKept } from './is-kept.ts';

export interface FilteredManifest {
  readonly mpd: XmlElement;
  readonly caps: ResolutionCaps;
}

/**
 * The stored MPD as `rules` allow it, as `filterVariants` does with HLS. A DASH player orders representations by itself, and our MPDs
 * hold no trick play.
 */
export function filterRepresentations(
  mpd: XmlElement,
  rules: PlaylistRules,
  shortSideOf: (representation: XmlElement) => number | undefined = shortSideByName,
): FilteredManifest {
  const families = familiesIn(mpd);
  const { kept, caps } = chooseShortSides(
    [...families.keys()].flatMap((element) => shortSideOf(element) ?? []),
    rules,
  );
  const shortSides = new Set(kept);
  const sized = keepRepresentations(mpd, (element) => isKept(shortSideOf(element), shortSides));
  const chosen = chooseCodecs(new Set([...familiesIn(sized).values()].flatMap((family) => family ?? [])), rules);
  const coded = keepRepresentations(sized, (element) => isKept(families.get(element), chosen));
  const { defaultSubtitlesLanguage: language } = rules;
  return { mpd: language === undefined ? coded : setMainSubtitles(coded, language), caps };
}

/** Of a picture's representation, whose id is the rendition's; undefined for sound and text. */
const shortSideByName = ({ attributes }: XmlElement): number | undefined => shortSideOfId(attributes.id ?? '');

const isNamed = (child: XmlElement | string, name: string): child is XmlElement => typeof child === 'object' && child.name === name;

/** Every representation, with the family of its codecs, which its set may state for all (ISO/IEC 23009-1, 5.3.7.2); undefined for sound and text. */
function familiesIn(element: XmlElement, inherited?: string): ReadonlyMap<XmlElement, VideoCodecFamily | undefined> {
  const { codecs = inherited } = element.attributes;
  if (element.name === 'Representation') return new Map([[element, codecFamilyOf(codecs)]]);
  return new Map(element.children.flatMap((child) => (typeof child === 'string' ? [] : [...familiesIn(child, codecs)])));
}

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
