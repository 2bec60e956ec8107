import { AppError } from '@mediaflow/shared/errors';
import type { ClipWindow } from '@mediaflow/shared/session';
import { segmentAtFrame, segmentStartFrame, type Timeline, timelineDurationMs } from '@mediaflow/shared/timeline';
import type { PlaylistRules } from '@mediaflow/shared/token';

/**
 * The part of the film that the rules leave, with the segments that hold it; undefined where they leave all of it. An end beyond the
 * film's is the film's.
 *
 * @throws AppError `invalid_parameters` for a window without any of the film in it
 */
export function chooseClip(timeline: Timeline | undefined, { clipStartSeconds, clipEndSeconds }: PlaylistRules): ClipWindow | undefined {
  if (clipStartSeconds === undefined && clipEndSeconds === undefined) return undefined;
  if (timeline === undefined) throw new AppError('invalid_parameters', 'This video cannot be clipped.');
  const filmMs = Math.ceil(timelineDurationMs(timeline));
  const startMs = toMs(clipStartSeconds ?? 0);
  const endMs = Math.min(toMs(clipEndSeconds ?? Number.POSITIVE_INFINITY), filmMs);
  if (startMs >= filmMs) throw new AppError('invalid_parameters', `asset_start_time: the video ends at ${filmMs / 1000} seconds`);
  if (startMs >= endMs) throw new AppError('invalid_parameters', 'asset_end_time: less than a millisecond after asset_start_time');
  if (startMs === 0 && endMs === filmMs) return undefined;
  const last = timeline.segmentCount - 1;
  // Sound may outlast the picture by less than a segment: it is in the last one.
  const firstSegment = Math.min(last, Math.floor(segmentsUntil(timeline, startMs)));
  return {
    startMs,
    endMs,
    originMs: Math.round(msUntilSegment(timeline, firstSegment)),
    firstSegment,
    lastSegment: Math.min(last, Math.ceil(segmentsUntil(timeline, endMs)) - 1),
  };
}

const toMs = (seconds: number): number => Math.round(seconds * 1000);

/** A time on a border is not rounded off it: whole numbers below 2^52 are divided once, and there the frame is whole, too. */
const segmentsUntil = (timeline: Timeline, timeMs: number): number =>
  segmentAtFrame(timeline, (timeMs * timeline.frameRate.num) / (1000 * timeline.frameRate.den));

const msUntilSegment = (timeline: Timeline, number: number): number =>
  (segmentStartFrame(timeline, number) * 1000 * timeline.frameRate.den) / timeline.frameRate.num;
