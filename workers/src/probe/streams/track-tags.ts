/** What a container says of a track besides its codec, as ffprobe prints it. */
export interface TrackTags {
  readonly tags?: Readonly<Record<string, unknown>> | undefined;
  readonly disposition?: Readonly<Record<string, unknown>> | undefined;
}

const MAX_TITLE_LENGTH = 100;
/** No tag in use is longer (RFC 5646, 4.4.1); one of private subtags may be as long as a file, and would stand in every job and playlist. */
const MAX_LANGUAGE_LENGTH = 35;

/** Language and title for the menus of players, each absent where the container says nothing of use. */
export function describeTrack({ tags }: TrackTags): { readonly language?: string; readonly title?: string } {
  const language = parseLanguage(tags?.language);
  const title = parseTitle(tags?.title);
  return { ...(language !== undefined && { language }), ...(title !== undefined && { title }) };
}

export const hasDisposition = ({ disposition }: TrackTags, name: 'default' | 'forced' | 'attached_pic'): boolean =>
  Number(disposition?.[name] ?? 0) === 1;

/** ISO 639-2 as containers write it (`eng`) to BCP 47 (`en`); undefined for `und` and for noise. */
function parseLanguage(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === 'und' || value.length > MAX_LANGUAGE_LENGTH) return undefined;
  try {
    return Intl.getCanonicalLocales(value)[0];
  } catch {
    return undefined;
  }
}

/** One line of bounded length: it goes into playlists, manifests and JSON. */
function parseTitle(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const line = value.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  // By characters, so that none is cut in half.
  return line === '' ? undefined : [...line.slice(0, 2 * MAX_TITLE_LENGTH)].slice(0, MAX_TITLE_LENGTH).join('');
}
