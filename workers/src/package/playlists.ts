import { stringifyPlaylist, tag } from '@mediaflow/shared/hls/stringify';
import type { AttributeList, Line, MultivariantEntry } from '@mediaflow/shared/hls/types';
import { stringifyMediaPath } from '@mediaflow/shared/keys';
import { type AudioRendition, peakBitrateBps, type Rendition, type VideoRendition } from '@mediaflow/shared/ladder';
import { toNumber } from '@mediaflow/shared/rational';
import { segmentAudioSeconds, segmentSeconds, type Timeline } from '@mediaflow/shared/timeline';

/** Version 7 allows `EXT-X-MAP` without I-frames-only and signed decode times (RFC 8216, section 7). */
const HLS_VERSION = '7';
const AUDIO_GROUP = 'audio';

/** The complete playlist of one rendition: all follows from the timeline, nothing from encoded bytes. */
export function stringifyRenditionPlaylist(rendition: Rendition, timeline: Timeline): string {
  const durationOf = rendition.kind === 'video' ? segmentSeconds : segmentAudioSeconds;
  const durations = Array.from({ length: timeline.segmentCount }, (_, number) => durationOf(timeline, number));
  return stringifyPlaylist({
    kind: 'media',
    header: [
      tag('EXT-X-VERSION', HLS_VERSION),
      // No segment, rounded to the nearest second, may be longer (RFC 8216, 4.3.3.1).
      tag('EXT-X-TARGETDURATION', String(Math.max(1, ...durations.map(Math.round)))),
      tag('EXT-X-MEDIA-SEQUENCE', '0'),
      tag('EXT-X-PLAYLIST-TYPE', 'VOD'),
      tag('EXT-X-INDEPENDENT-SEGMENTS'),
    ],
    segments: durations.map((durationSeconds, number) => ({
      durationSeconds,
      title: '',
      uri: `${number}.m4s`,
      tags: number === 0 ? [tag('EXT-X-MAP', 'URI="init.mp4"')] : [],
    })),
    trailer: [tag('EXT-X-ENDLIST')],
  });
}

/** `main.m3u8`: URIs relative to it, largest video first, sound as a group of its own; an asset of sound alone has it as variant. */
export function stringifyMultivariantPlaylist(renditions: readonly Rendition[], timeline: Timeline): string {
  const videos = renditions.filter((rendition) => rendition.kind === 'video');
  const audios = renditions.filter((rendition) => rendition.kind === 'audio');
  const variants =
    videos.length > 0 ? videos.map((video) => videoVariant(video, audios, timeline)) : audios.map((audio) => audioVariant(audio, timeline));
  return stringifyPlaylist({
    kind: 'multivariant',
    entries: [
      line(tag('EXT-X-VERSION', HLS_VERSION)),
      line(tag('EXT-X-INDEPENDENT-SEGMENTS')),
      ...(videos.length > 0 ? audios.map(audioMedia) : []),
      ...variants,
    ],
  });
}

const line = (content: Line): MultivariantEntry => ({ kind: 'line', line: content });
const quoted = (value: string): string => `"${value}"`;
const playlistUri = (renditionId: string): string => stringifyMediaPath({ kind: 'playlist', renditionId });

function audioMedia(rendition: AudioRendition, order: number): MultivariantEntry {
  const attributes: AttributeList = [
    ['TYPE', 'AUDIO'],
    ['GROUP-ID', quoted(AUDIO_GROUP)],
    // A quoted string holds neither quotes nor line breaks (RFC 8216, 4.2); names may come from the file's tags.
    ['NAME', quoted(rendition.name.replaceAll(/["\r\n]/g, ''))],
    ...(rendition.language === undefined ? [] : ([['LANGUAGE', quoted(rendition.language)]] as const)),
    ['DEFAULT', order === 0 ? 'YES' : 'NO'],
    ['AUTOSELECT', 'YES'],
    ['CHANNELS', quoted(String(rendition.channels))],
    ['URI', quoted(playlistUri(rendition.id))],
  ];
  return { kind: 'media', attributes };
}

function videoVariant(video: VideoRendition, audios: readonly AudioRendition[], timeline: Timeline): MultivariantEntry {
  const [audio] = audios;
  const longest = segmentSeconds(timeline, 0);
  return {
    kind: 'variant',
    uri: playlistUri(video.id),
    attributes: [
      ['BANDWIDTH', String(peakBitrateBps(video, longest) + (audio === undefined ? 0 : peakBitrateBps(audio, longest)))],
      ['AVERAGE-BANDWIDTH', String(video.maxBitrateBps + (audio?.bitrateBps ?? 0))],
      ['CODECS', quoted([video.codecs, ...(audio === undefined ? [] : [audio.codecs])].join(','))],
      ['RESOLUTION', `${video.width}x${video.height}`],
      ['FRAME-RATE', toNumber(video.frameRate).toFixed(3)],
      ...(audio === undefined ? [] : ([['AUDIO', quoted(AUDIO_GROUP)]] as const)),
    ],
  };
}

function audioVariant(audio: AudioRendition, timeline: Timeline): MultivariantEntry {
  return {
    kind: 'variant',
    uri: playlistUri(audio.id),
    attributes: [
      ['BANDWIDTH', String(peakBitrateBps(audio, segmentAudioSeconds(timeline, 0)))],
      ['AVERAGE-BANDWIDTH', String(audio.bitrateBps)],
      ['CODECS', quoted(audio.codecs)],
    ],
  };
}
