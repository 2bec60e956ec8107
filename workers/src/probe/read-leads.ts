import { type FileHandle, open } from 'node:fs/promises';
import { toNumber } from '@mediaflow/shared/rational';
import type { Source, VideoStream } from '@mediaflow/shared/source';
import { segmentFrames, type Timeline } from '@mediaflow/shared/timeline';
import { gridOf } from '../encode/grid.ts';
import { isIndexed, leadOf, videoSeeks } from '../encode/seek.ts';
import { readMatroskaKeyframes } from './matroska/keyframes.ts';
import { readMovKeyframes } from './mov/keyframes.ts';

/**
 * What has to be decoded before each segment, as `planUnits` takes it; undefined where only a reading of the whole file would tell, or
 * where there is no picture.
 */
export async function readLeads(path: string, source: Source, timeline: Timeline): Promise<readonly number[] | undefined> {
  if (source.video === undefined) return undefined;
  if (!isIndexed(source)) return unindexedLeads(source, timeline);
  const file = await open(path, 'r');
  try {
    const keyframes = await readKeyframes(file, source, source.video);
    return keyframes === undefined ? undefined : segmentLeads(source, timeline, keyframes);
  } finally {
    await file.close();
  }
}

/** In seconds after the first picture. */
async function readKeyframes(file: FileHandle, { demuxer, startMs }: Source, video: VideoStream): Promise<readonly number[] | undefined> {
  if (demuxer === 'mov') return readMovKeyframes(file, video.index);
  if (demuxer !== 'matroska') return undefined;
  const keyframes = await readMatroskaKeyframes(file, video.index);
  return keyframes?.map((seconds) => seconds - (startMs + video.startMs) / 1000);
}

/** Without an index a seek leads far before the segment, wherever the keyframes are. */
const unindexedLeads = (source: Source, timeline: Timeline): readonly number[] =>
  Array.from({ length: timeline.segmentCount }, (_, number) => {
    const frames = segmentFrames(timeline, number);
    return leadOf(videoSeeks(source, timeline, frames)[0], source, timeline, frames);
  });

/**
 * By segment: seconds of film between where its first picture is sought and the keyframe before that. Pure.
 *
 * @param keyframes in seconds after the first picture, ascending
 */
export function segmentLeads(source: Source, timeline: Timeline, keyframes: readonly number[]): readonly number[] {
  const { originSeconds, firstFrame } = gridOf(source, timeline);
  const firstPictureSeconds = originSeconds + firstFrame / toNumber(timeline.frameRate);
  let next = 0;
  return Array.from({ length: timeline.segmentCount }, (_, number) => {
    const [seekSeconds = firstPictureSeconds] = videoSeeks(source, timeline, segmentFrames(timeline, number));
    // A window that needs pictures before it may be sought before the one before it.
    while (next > 0 && firstPictureSeconds + (keyframes[next - 1] ?? 0) > seekSeconds) next -= 1;
    while (next < keyframes.length && firstPictureSeconds + (keyframes[next] ?? 0) <= seekSeconds) next += 1;
    return Math.max(0, seekSeconds - firstPictureSeconds - (keyframes[next - 1] ?? 0));
  });
}
