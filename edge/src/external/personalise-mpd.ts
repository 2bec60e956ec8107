import { stringifyXml, type XmlElement, xmlElement } from '@mediaflow/shared/dash/xml';
import type { ExternalMpd } from '@mediaflow/shared/external/read-mpd';
import type { PlaylistRules } from '@mediaflow/shared/token';
import { isCapped, type ResolutionCaps } from '../playback/choose-caps.ts';
import { filterRepresentations, keepRepresentations } from '../playback/filter-representations.ts';
import { PlaybackRefusal } from '../playback/refusal.ts';
import { OF_MPD } from './decide-external.ts';
import { capsOf, hasCaps } from './filter-external.ts';

/**
 * A customer's MPD as one viewer gets it: one BaseURL under a session of their own, that every other URL counts from.
 * @throws PlaybackRefusal where no picture is known to be within the rules
 */
export async function personaliseMpd(
  { mpd, base, representations }: ExternalMpd,
  rules: PlaylistRules,
  openSession: (caps: ResolutionCaps) => Promise<string>,
): Promise<string> {
  const known = new Map(representations.map((representation) => [representation.id, representation]));
  const judged = hasCaps(rules) ? keepRepresentations(mpd, (element) => isKnown(known.get(element.attributes.id ?? ''))) : mpd;
  const filtered = filterRepresentations(judged, rules, ({ attributes }) => known.get(attributes.id ?? '')?.shortSide);
  if (hasCaps(rules) && !isCapped(filtered.caps) && representations.some(({ isPicture }) => isPicture)) {
    throw new PlaybackRefusal('restriction_not_enforced');
  }
  const caps = isCapped(filtered.caps) ? filtered.caps : capsOf(rules);
  return stringifyXml(withBaseUrl(filtered.mpd, `/s/${await openSession(caps)}/x/${OF_MPD}/${base}`));
}

const isKnown = (representation: ExternalMpd['representations'][number] | undefined): boolean =>
  representation !== undefined && (!representation.isPicture || representation.shortSide !== undefined);

/** Behind ProgramInformation, ahead of all others (ISO/IEC 23009-1, 5.3.1.3). */
function withBaseUrl(mpd: XmlElement, url: string): XmlElement {
  const at = mpd.children.findIndex((child) => typeof child === 'object' && child.name !== 'ProgramInformation');
  return { ...mpd, children: mpd.children.toSpliced(Math.max(0, at), 0, xmlElement('BaseURL', {}, url)) };
}
