import type { AttributeList, MultivariantEntry } from '@mediaflow/shared/hls/types';
import { stringifyMediaPath } from '@mediaflow/shared/keys';
import type { AudioRendition, TextRendition } from '@mediaflow/shared/rendition';

const AUDIO_GROUP = 'audio';
const TEXT_GROUP = 'subtitles';

export interface MediaGroups {
  /** Undefined where the one sound there is stands in the variant itself. */
  readonly audio: string | undefined;
  /** What a variant says of the groups that go with it. */
  readonly attributes: AttributeList;
}

export function mediaGroups(audios: readonly AudioRendition[], texts: readonly TextRendition[], hasVideo: boolean): MediaGroups {
  const audio = audios.length > (hasVideo ? 0 : 1) ? AUDIO_GROUP : undefined;
  return {
    audio,
    attributes: [
      ...(audio === undefined ? [] : ([['AUDIO', `"${audio}"`]] as const)),
      ...(texts.length === 0 ? [] : ([['SUBTITLES', `"${TEXT_GROUP}"`]] as const)),
    ],
  };
}

export function audioMedia(audios: readonly AudioRendition[]): readonly MultivariantEntry[] {
  const isDefault = defaultIn(audios);
  const isDistinct = firstOfEach(audios, ({ language }) => language);
  return audios.map((audio) => ({
    kind: 'media',
    attributes: [
      ['TYPE', 'AUDIO'],
      ['GROUP-ID', `"${AUDIO_GROUP}"`],
      ...description(audio),
      ...choice(isDefault(audio), isDistinct(audio)),
      ['CHANNELS', `"${audio.channels}"`],
      uri(audio.id),
    ],
  }));
}

export function textMedia(texts: readonly TextRendition[]): readonly MultivariantEntry[] {
  const isDefault = defaultIn(texts);
  const isDistinct = firstOfEach(texts, ({ language, isForced }) => `${language} ${isForced}`);
  return texts.map((text) => ({
    kind: 'media',
    attributes: [
      ['TYPE', 'SUBTITLES'],
      ['GROUP-ID', `"${TEXT_GROUP}"`],
      ...description(text),
      ...choice(isDefault(text), isDistinct(text)),
      ['FORCED', yesNo(text.isForced)],
      uri(text.id),
    ],
  }));
}

/** Names come from the file's tags, and a quoted string holds neither quotes nor line breaks (RFC 8216, 4.2). */
const description = ({ name, language }: AudioRendition | TextRendition): AttributeList => [
  ['NAME', quoted(name)],
  ...(language === undefined ? [] : ([['LANGUAGE', quoted(language)]] as const)),
];

/** A default track may always be chosen by the player. */
const choice = (isDefault: boolean, isDistinct: boolean): AttributeList => [
  ['DEFAULT', yesNo(isDefault)],
  ['AUTOSELECT', yesNo(isDefault || isDistinct)],
];

/** A group has one default at most (RFC 8216, 4.3.4.1.1). */
function defaultIn<T extends { readonly isDefault: boolean }>(tracks: readonly T[]): (track: T) => boolean {
  const first = tracks.find((track) => track.isDefault);
  return (track) => track === first;
}

/** A player must be able to tell the tracks that it may choose by itself apart: a second one of a language is for people to choose. */
function firstOfEach<T>(tracks: readonly T[], keyOf: (track: T) => string | undefined): (track: T) => boolean {
  const firsts = new Set(Array.from(Map.groupBy(tracks, keyOf).values(), ([first]) => first));
  return (track) => firsts.has(track);
}

const uri = (renditionId: string) => ['URI', quoted(stringifyMediaPath({ kind: 'playlist', renditionId }))] as const;
const quoted = (value: string): string => `"${value.replaceAll(UNQUOTABLE, '')}"`;
/** Quotes, what is a line break to some player, and the beginning of a variable, which would have no value (RFC 8216bis, 4.3). */
const UNQUOTABLE = /["\p{Cc}\u2028\u2029]|\{(?=\$)/gu;
const yesNo = (value: boolean): 'YES' | 'NO' => (value ? 'YES' : 'NO');
