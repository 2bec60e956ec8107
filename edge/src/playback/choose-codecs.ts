import type { CodecFamily, PlaylistRules } from '@mediaflow/shared/token';

/** Of a codec that nobody can ask for, so that whoever asks for another does not get it. */
export type VideoCodecFamily = CodecFamily | 'other';

/** First four characters of an RFC 6381 codec string. */
const FAMILIES: Readonly<Record<string, VideoCodecFamily>> = {
  avc1: 'avc',
  avc3: 'avc',
  dva1: 'avc',
  dvav: 'avc',
  hvc1: 'hevc',
  hev1: 'hevc',
  dvh1: 'hevc',
  dvhe: 'hevc',
  av01: 'av1',
  dav1: 'av1',
  vp8: 'other',
  vp08: 'other',
  vp9: 'other',
  vp09: 'other',
  vvc1: 'other',
  vvi1: 'other',
  mp4v: 'other',
};

/** Of the picture in a `CODECS` list; undefined where none is named, as for sound and text. */
export function codecFamilyOf(codecs: string | undefined): VideoCodecFamily | undefined {
  return codecs
    ?.split(',')
    .map((codec) => FAMILIES[codec.trim().slice(0, 4)])
    .find((family) => family !== undefined);
}

/** Which of the families that exist the rules leave. Where none would be left H.264 stays, which everything plays; else all. */
export function chooseCodecs(existing: ReadonlySet<VideoCodecFamily>, { codecs }: PlaylistRules): ReadonlySet<VideoCodecFamily> {
  const allowed = new Set<VideoCodecFamily>(codecs?.filter((family) => existing.has(family)));
  if (allowed.size > 0) return allowed;
  return codecs !== undefined && existing.has('avc') ? new Set(['avc'] as const) : existing;
}
