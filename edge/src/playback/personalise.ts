import { parseXml, stringifyXml, type XmlElement, xmlElement } from '@mediaflow/shared/dash/xml';
import { parseMultivariantPlaylist } from '@mediaflow/shared/hls/parse';
import { stringifyPlaylist, tag } from '@mediaflow/shared/hls/stringify';
import type { MultivariantEntry } from '@mediaflow/shared/hls/types';
import type { ClipWindow } from '@mediaflow/shared/session';
import { SESSION_DATA } from '@mediaflow/shared/session-data';
import type { PlaylistRules } from '@mediaflow/shared/token';
import type { ResolutionCaps } from './choose-caps.ts';
import { clipManifest } from './clip-manifest.ts';
import { filterRepresentations } from './filter-representations.ts';
import { filterVariants } from './filter-variants.ts';
import { rewriteUris } from './rewrite-uris.ts';

/** What of a film one viewer is to see. */
export interface View {
  readonly rules: PlaylistRules;
  /** As `chooseClip` finds it in the rules. */
  readonly clip: ClipWindow | undefined;
}

/**
 * A stored manifest as one viewer gets it: what their rules allow, under a session of their own.
 *
 * @param openSession the signed session for what the filter kept
 */
export type Personalise = (text: string, view: View, openSession: (caps: ResolutionCaps) => Promise<string>) => Promise<string>;

/** A clip is in the media playlists, which are cut when the session asks for them; this one tells our own player where to end. */
export const personaliseHls: Personalise = async (text, { rules, clip }, openSession) => {
  const { playlist, caps } = filterVariants(parseMultivariantPlaylist(text), rules);
  const entries = clip === undefined ? playlist.entries : [...playlist.entries, clipEndEntry(clip)];
  return stringifyPlaylist(rewriteUris({ ...playlist, entries }, await openSession(caps)));
};

const clipEndEntry = ({ originMs, endMs }: ClipWindow): MultivariantEntry => ({
  kind: 'line',
  line: tag('EXT-X-SESSION-DATA', `DATA-ID="${SESSION_DATA.clipEnd}",VALUE="${(endMs - originMs) / 1000}"`),
});

export const personaliseDash: Personalise = async (text, { rules, clip }, openSession) => {
  const { mpd, caps } = filterRepresentations(parseXml(text), rules);
  return stringifyXml(withBaseUrl(clip === undefined ? mpd : clipManifest(mpd, clip), `/s/${await openSession(caps)}/`));
};

/** First child, as the schema orders them (ISO/IEC 23009-1, 5.3.1.3); every other URL in our MPDs is relative to it. */
const withBaseUrl = (mpd: XmlElement, url: string): XmlElement => ({ ...mpd, children: [xmlElement('BaseURL', {}, url), ...mpd.children] });
