import type { AudioRendition, TextRendition } from './rendition.ts';
import type { Source } from './source.ts';

const AUDIO_BITRATE_BPS = 128_000;

/** A rendition of each audio track, the default one first. */
export function planAudio({ audio }: Source): readonly AudioRendition[] {
  const names = nameTracks(audio);
  return audio.map(({ index, language }, order) => ({
    kind: 'audio',
    id: `a${order}`,
    streamIndex: index,
    codecs: 'mp4a.40.2',
    channels: 2,
    bitrateBps: AUDIO_BITRATE_BPS,
    ...(language !== undefined && { language }),
    name: names[order] ?? '',
    isDefault: order === 0,
  }));
}

/** A rendition of each subtitle track. */
export function planText({ text }: Source): readonly TextRendition[] {
  const names = nameTracks(text);
  return text.map(({ index, language, isDefault, isForced }, order) => ({
    kind: 'text',
    id: `t${order}`,
    streamIndex: index,
    ...(language !== undefined && { language }),
    name: names[order] ?? '',
    isDefault,
    isForced,
  }));
}

/** Title, else language in English, else `Default`; a number keeps two of one name apart (NAME is unique in a group, RFC 8216 4.3.4.1.1). */
function nameTracks(tracks: readonly { readonly title?: string | undefined; readonly language?: string | undefined }[]): readonly string[] {
  const taken = new Set<string>();
  return tracks.map(({ title, language }) => {
    const base = title ?? languageName(language) ?? 'Default';
    let name = base;
    for (let count = 2; taken.has(name); count += 1) name = `${base} ${count}`;
    taken.add(name);
    return name;
  });
}

const LANGUAGE_NAMES = new Intl.DisplayNames(['en'], { type: 'language' });

/** `de` is `German`: players show NAME as it is. The code itself where it has no name, or is none. */
function languageName(language: string | undefined): string | undefined {
  if (language === undefined) return undefined;
  try {
    return LANGUAGE_NAMES.of(language);
  } catch {
    return language;
  }
}
