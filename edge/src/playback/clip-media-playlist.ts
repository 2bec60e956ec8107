import { AppError } from '@mediaflow/shared/errors';
import { stringifySeconds, tag } from '@mediaflow/shared/hls/stringify';
import type { Line, MediaPlaylist, Segment } from '@mediaflow/shared/hls/types';
import type { ClipWindow } from '@mediaflow/shared/session';
import { TEXT_SEGMENT_SEGMENTS } from '@mediaflow/shared/timeline';

/** `media` is sound or pictures. */
export type PlaylistKind = 'media' | 'text' | 'iframes';

/**
 * A stored media playlist, cut to the segments that hold the window. They are numbered from 0 again, as in any playlist that does not
 * change: players align renditions by these numbers, and text counts in other steps. `EXT-X-START` leads to the exact start; HLS has
 * nothing for the end, so that a clip ends with its last segment.
 */
export function clipMediaPlaylist(playlist: MediaPlaylist, clip: ClipWindow, kind: PlaylistKind): MediaPlaylist {
  const segments = kind === 'text' ? alignText(playlist.segments, clip) : playlist.segments;
  const step = kind === 'text' ? TEXT_SEGMENT_SEGMENTS : 1;
  const first = Math.floor(clip.firstSegment / step);
  const dropped = segments.slice(0, first);
  const [head, ...rest] = segments.slice(first, Math.floor(clip.lastSegment / step) + 1);
  if (head === undefined) throw new AppError('internal', 'The stored playlist ends before the clip.', { details: { ...clip } });
  const startSeconds = clip.startMs / 1000 - dropped.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  return {
    ...playlist,
    header: [...playlist.header, ...(kind === 'media' && startSeconds > 0 ? [startTag(startSeconds)] : [])],
    segments: [withMap(head, dropped), ...rest],
  };
}

/** RFC 8216, 4.3.5.2: of the picture at that very time, not of its segment's beginning. */
const startTag = (seconds: number): Line => tag('EXT-X-START', `TIME-OFFSET=${stringifySeconds(seconds)},PRECISE=YES`);

const isNamed = (line: Line, name: string): boolean => line.kind === 'tag' && line.name === name;
const mapOf = ({ lines }: Segment): Line | undefined => lines.findLast((line) => isNamed(line, 'EXT-X-MAP'));

/** An init segment counts from where it is named until the next is (RFC 8216, 4.3.2.5). */
function withMap(segment: Segment, dropped: readonly Segment[]): Segment {
  const map = mapOf(segment) === undefined ? dropped.map(mapOf).findLast((line) => line !== undefined) : undefined;
  return map === undefined ? segment : { ...segment, lines: [map, ...segment.lines] };
}

/**
 * Text segments are longer, so that the first and the last reach beyond those of the picture. Their cues do not mind, but a player that
 * adds up durations would look for all later cues too late: what is stated is the part that goes with the pictures, to the clip's end.
 */
function alignText(segments: readonly Segment[], { originMs, endMs }: ClipWindow): readonly Segment[] {
  // The one segment of a short film holds all cues there are.
  if (segments.length === 1) return segments;
  let end = 0;
  return segments.map((segment) => {
    const start = end;
    end += segment.durationSeconds;
    const seconds = Math.min(end, endMs / 1000) - Math.max(start, originMs / 1000);
    return seconds < segment.durationSeconds && seconds > 0 ? withDuration(segment, seconds) : segment;
  });
}

function withDuration(segment: Segment, durationSeconds: number): Segment {
  const lines = segment.lines.map((line) => (isNamed(line, 'EXTINF') ? tag('EXTINF', `${stringifySeconds(durationSeconds)},`) : line));
  return { ...segment, durationSeconds, lines };
}
