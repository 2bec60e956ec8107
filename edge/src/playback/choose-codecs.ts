import type { CodecFamily, PlaylistRules } from '@mediaflow/shared/token';

/** First four characters of an RFC 6381 codec string. */
const FAMILIES: Readonly<Record<string, CodecFamily>> = {
  avc1: 'avc',
  avc3: 'avc',
  hvc1: 'hevc',
  hev1: 'hevc',
  dvh1: 'hevc',
  dvhe: 'hevc',
  av01: 'av1',
};

/** Of the picture in a `CODECS` list; undefined for sound alone and for what nobody can ask for. */
export function codecFamilyOf(codecs: string | undefined): CodecFamily | undefined {
  return codecs
    ?.split(',')
    .map((codec) => FAMILIES[codec.trim().slice(0, 4)])
    .find((family) => family !== undefined);
}

/** Which of the families that exist the rules leave. Where none would be left H.264 stays, which everything plays; else all. */
export function chooseCodecs(existing: ReadonlySet<CodecFamily>, { codecs }: PlaylistRules): ReadonlySet<CodecFamily> {
  const allowed = new Set(codecs?.filter((family) => existing.has(family)));
  if (allowed.size > 0) return allowed;
  return codecs !== undefined && existing.has('avc') ? new Set<CodecFamily>(['avc']) : existing;
}
