import { stringifyPlaylist, tag } from '@mediaflow/shared/hls/stringify';
import type { AttributeList, MultivariantEntry } from '@mediaflow/shared/hls/types';
import type { MeasuredRendition } from '@mediaflow/shared/jobs';
import { stringifyMediaPath } from '@mediaflow/shared/keys';
import { peakBitrate } from '@mediaflow/shared/peak-bitrate';
import { toNumber } from '@mediaflow/shared/rational';
import type { AudioRendition, MediaRendition, Rendition, VideoRendition } from '@mediaflow/shared/rendition';
import { SESSION_DATA } from '@mediaflow/shared/session-data';
import { segmentSeconds, type Timeline, targetSeconds } from '@mediaflow/shared/timeline';
import { type Bitrates, bitratesOf } from './bitrates.ts';
import { HLS_VERSION } from './media-playlist.ts';
import { audioMedia, mediaGroups, textMedia } from './playlist-groups.ts';

/** What a manifest of either format is made from. */
export interface ManifestContent {
  readonly timeline: Timeline;
  /** Those to list, in the manifest's order. */
  readonly renditions: readonly Rendition[];
  /** Of the renditions that are stored as a whole. */
  readonly measured: readonly MeasuredRendition[];
}

/** `main.m3u8`: URIs relative to it; an asset of sound alone has its default track as the one variant. */
export function stringifyMultivariantPlaylist({ timeline, renditions, measured }: ManifestContent): string {
  const videos = renditions.filter((rendition) => rendition.kind === 'video');
  const audios = renditions.filter((rendition) => rendition.kind === 'audio');
  const texts = renditions.filter((rendition) => rendition.kind === 'text');
  const bitratesIn = (rendition: MediaRendition): Bitrates => bitratesOf(rendition, timeline, measured);
  const groups = mediaGroups(audios, texts, videos.length > 0);
  const largestAudio = audios.map(bitratesIn).reduce(larger, NOTHING);
  const isFilling = [...videos, ...audios].some(({ id }) => !measured.some(({ renditionId }) => renditionId === id));
  return stringifyPlaylist({
    kind: 'multivariant',
    entries: [
      line('EXT-X-VERSION', HLS_VERSION),
      line('EXT-X-INDEPENDENT-SEGMENTS'),
      ...(isFilling ? [line('EXT-X-SESSION-DATA', FILLING)] : []),
      ...(groups.audio === undefined ? [] : audioMedia(audios)),
      ...textMedia(texts),
      ...videos.map((video) => videoVariant(video, audios[0], sum(bitratesIn(video), largestAudio), groups.attributes)),
      ...(videos.length > 0 ? [] : audios.slice(0, 1).map((audio) => audioVariant(audio, largestAudio, groups.attributes))),
      ...videos.flatMap((video) => iframeVariant(video, timeline, measured)),
    ],
  });
}

/** Tells our own player that segments may still be made when asked for, so that it begins and seeks on the lowest rung. */
const FILLING = `DATA-ID="${SESSION_DATA.state}",VALUE="filling"`;

const NOTHING: Bitrates = { peakBps: 0, averageBps: 0 };
const sum = (a: Bitrates, b: Bitrates): Bitrates => ({ peakBps: a.peakBps + b.peakBps, averageBps: a.averageBps + b.averageBps });
const larger = (a: Bitrates, b: Bitrates): Bitrates => ({
  peakBps: Math.max(a.peakBps, b.peakBps),
  averageBps: Math.max(a.averageBps, b.averageBps),
});

const line = (name: string, value?: string): MultivariantEntry => ({ kind: 'line', line: tag(name, value) });
const bandwidths = ({ peakBps, averageBps }: Bitrates): AttributeList => [
  ['BANDWIDTH', String(peakBps)],
  ['AVERAGE-BANDWIDTH', String(averageBps)],
];
/** Tone-mapped where the source was HDR. */
const SDR = ['VIDEO-RANGE', 'SDR'] as const;

/** `bitrates` count the variant's picture with the largest of the sound that may go with it (RFC 8216, 4.3.4.2). */
function videoVariant(
  video: VideoRendition,
  audio: AudioRendition | undefined,
  bitrates: Bitrates,
  groups: AttributeList,
): MultivariantEntry {
  const codecs = [video.codecs, ...(audio === undefined ? [] : [audio.codecs])].join(',');
  return {
    kind: 'variant',
    uri: stringifyMediaPath({ kind: 'playlist', renditionId: video.id }),
    attributes: [
      ...bandwidths(bitrates),
      ['CODECS', `"${codecs}"`],
      ['RESOLUTION', `${video.width}x${video.height}`],
      ['FRAME-RATE', toNumber(video.frameRate).toFixed(3)],
      SDR,
      ...groups,
    ],
  };
}

const audioVariant = (audio: AudioRendition, bitrates: Bitrates, groups: AttributeList): MultivariantEntry => ({
  kind: 'variant',
  uri: stringifyMediaPath({ kind: 'playlist', renditionId: audio.id }),
  attributes: [...bandwidths(bitrates), ['CODECS', `"${audio.codecs}"`], ...groups],
});

/** Only once the pictures' sizes are known: an I-frame playlist names byte ranges. */
function iframeVariant(video: VideoRendition, timeline: Timeline, measured: readonly MeasuredRendition[]): readonly MultivariantEntry[] {
  const keyframeBytes = measured.find(({ renditionId }) => renditionId === video.id)?.keyframeBytes;
  if (keyframeBytes === undefined) return [];
  const pictures = keyframeBytes.map((sizeBytes, number) => ({ sizeBytes, seconds: segmentSeconds(timeline, number) }));
  const attributes: AttributeList = [
    ['BANDWIDTH', String(Math.max(1, Math.ceil(peakBitrate(pictures, targetSeconds(timeline)))))],
    ['CODECS', `"${video.codecs}"`],
    ['RESOLUTION', `${video.width}x${video.height}`],
    SDR,
    ['URI', `"${stringifyMediaPath({ kind: 'iframes', renditionId: video.id })}"`],
  ];
  return [{ kind: 'i-frame-variant', attributes }];
}
