import type { XmlElement } from '@mediaflow/shared/dash/xml';
import { shortSideOfId } from '@mediaflow/shared/rendition';
import type { PlaylistRules } from '@mediaflow/shared/token';
import { chooseShortSides, type ResolutionCaps } from './choose-short-sides.ts';

export interface FilteredManifest {
  readonly mpd: XmlElement;
  readonly caps: ResolutionCaps;
}

/** The stored MPD as `rules` allow it, as `filterVariants` does with HLS. A DASH player orders representations by itself. */
export function filterRepresentations(mpd: XmlElement, rules: PlaylistRules): FilteredManifest {
  const { kept, caps } = chooseShortSides([...shortSidesIn(mpd)], rules);
  return { mpd: keepShortSides(mpd, kept), caps };
}

function* shortSidesIn(element: XmlElement): Generator<number> {
  const shortSide = shortSideOfElement(element);
  if (shortSide !== undefined) yield shortSide;
  for (const child of element.children) if (typeof child === 'object') yield* shortSidesIn(child);
}

/** An adaptation set that loses all its representations goes with them: an empty one is not valid (ISO/IEC 23009-1, 5.3.3). */
function keepShortSides(element: XmlElement, kept: readonly number[]): XmlElement {
  const children = element.children.flatMap((child): readonly (XmlElement | string)[] => {
    if (typeof child === 'string') return [child];
    const shortSide = shortSideOfElement(child);
    if (shortSide !== undefined) return kept.includes(shortSide) ? [child] : [];
    const filtered = keepShortSides(child, kept);
    return isAdaptationSet(child) && !filtered.children.some(isRepresentation) ? [] : [filtered];
  });
  return { ...element, children };
}

const isAdaptationSet = ({ name }: XmlElement): boolean => name === 'AdaptationSet';
const isRepresentation = (child: XmlElement | string): boolean => typeof child === 'object' && child.name === 'Representation';

/** Of a picture's representation, whose id is the rendition's; undefined for sound and other elements. */
const shortSideOfElement = (element: XmlElement): number | undefined =>
  isRepresentation(element) ? shortSideOfId(element.attributes.id ?? '') : undefined;
