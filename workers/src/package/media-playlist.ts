import { segment, stringifyPlaylist, tag } from '@mediaflow/shared/hls/stringify';
import type { Line, Segment } from '@mediaflow/shared/hls/types';
import { stringifyMediaPath } from '@mediaflow/shared/keys';
import type { Rendition } from '@mediaflow/shared/rendition';
import {
  segmentAudioSeconds,
  segmentSeconds,
  type Timeline,
  targetSeconds,
  textSegmentCount,
  textSegmentSpan,
} from '@mediaflow/shared/timeline';

/** `EXT-X-MAP` outside of an I-frame playlist is the newest thing in our playlists (RFC 8216, section 7). */
export const HLS_VERSION = '6';

/** The complete playlist of one rendition: all follows from the timeline, nothing from encoded bytes. */
export function stringifyMediaPlaylist(rendition: Rendition, timeline: Timeline): string {
  const durations = segmentDurations(rendition.kind, timeline);
  const segments = durations.map((durationSeconds, number) =>
    segment(
      durationSeconds,
      fileName({ kind: 'segment', renditionId: rendition.id, number }),
      // WebVTT needs no init segment.
      number === 0 && rendition.kind !== 'text' ? [tag('EXT-X-MAP', 'URI="init.mp4"')] : [],
    ),
  );
  return stringifySegments(segments, { targetSeconds: targetOf(rendition.kind === 'text' ? durations : mediaDurations(timeline)) });
}

/**
 * One picture a segment, for trick play: the bytes from a segment's start to the end of its first picture.
 *
 * @param keyframeBytes how many bytes that is, for every segment of the timeline
 */
export function stringifyIframePlaylist(renditionId: string, timeline: Timeline, keyframeBytes: readonly number[]): string {
  const segments = keyframeBytes.map((bytes, number) =>
    segment(
      // Until the next I-frame (RFC 8216, 4.3.3.6).
      segmentSeconds(timeline, number),
      fileName({ kind: 'segment', renditionId, number }),
      [...(number === 0 ? [tag('EXT-X-MAP', 'URI="init.mp4"')] : []), tag('EXT-X-BYTERANGE', `${bytes}@0`)],
    ),
  );
  return stringifySegments(segments, { targetSeconds: targetSeconds(timeline), tags: [tag('EXT-X-I-FRAMES-ONLY')] });
}

function segmentDurations(kind: Rendition['kind'], timeline: Timeline): readonly number[] {
  switch (kind) {
    case 'video':
      return Array.from({ length: timeline.segmentCount }, (_, number) => segmentSeconds(timeline, number));
    case 'audio':
      return Array.from({ length: timeline.segmentCount }, (_, number) => segmentAudioSeconds(timeline, number));
    case 'text':
      return Array.from({ length: textSegmentCount(timeline) }, (_, number) => {
        const { startSeconds, endSeconds } = textSegmentSpan(timeline, number);
        return endSeconds - startSeconds;
      });
  }
}

/** Of pictures and sound, where there is any. */
function mediaDurations(timeline: Timeline): readonly number[] {
  const sound = timeline.audioSampleCount === undefined ? [] : segmentDurations('audio', timeline);
  return [...segmentDurations('video', timeline), ...sound];
}

/**
 * No segment, rounded to the nearest second, may be longer (RFC 8216, 4.3.3.1). All pictures and sound of a film state the same, though
 * the sound of its last segment goes on for longer; subtitles and I-frames need not (6.2.4).
 */
const targetOf = (durations: readonly number[]): number => Math.max(1, ...durations.map(Math.round));

interface PlaylistHead {
  readonly targetSeconds: number;
  readonly tags?: readonly Line[];
}

function stringifySegments(segments: readonly Segment[], { targetSeconds, tags = [] }: PlaylistHead): string {
  return stringifyPlaylist({
    kind: 'media',
    header: [
      tag('EXT-X-VERSION', HLS_VERSION),
      tag('EXT-X-TARGETDURATION', String(targetSeconds)),
      tag('EXT-X-MEDIA-SEQUENCE', '0'),
      tag('EXT-X-PLAYLIST-TYPE', 'VOD'),
      tag('EXT-X-INDEPENDENT-SEGMENTS'),
      ...tags,
    ],
    segments,
    trailer: [tag('EXT-X-ENDLIST')],
  });
}

/** Relative to the playlist, which lies in the rendition's folder. */
const fileName = (object: Parameters<typeof stringifyMediaPath>[0] & { readonly renditionId: string }): string =>
  stringifyMediaPath(object).slice(object.renditionId.length + 1);
