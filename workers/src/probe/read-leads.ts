import { open } from 'node:fs/promises';
import { toNumber } from '@mediaflow/shared/rational';
import type { Source } from '@mediaflow/shared/source';
import { segmentFrames, type Timeline } from '@mediaflow/shared/timeline';
import { gridOf } from '../encode/grid.ts';
import { videoSeeks } from '../encode/seek.ts';
import { readMovKeyframes } from './mov-keyframes.ts';

/**
 * What has to be decoded before each segment, as `planUnits` takes it; undefined for formats whose index is spread over the file, and
 * wherever the index tells nothing.
 */
export async function readLeads(path: string, source: Source, timeline: Timeline): Promise<readonly number[] | undefined> {
  if (source.demuxer !== 'mov' || source.video === undefined) return undefined;
  const file = await open(path, 'r');
  try {
    const keyframes = await readMovKeyframes(file, source.video.index);
    return keyframes === undefined ? undefined : segmentLeads(source, timeline, keyframes);
  } finally {
    await file.close();
  }
}

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
    while (next < keyframes.length && firstPictureSeconds + (keyframes[next] ?? 0) <= seekSeconds) next += 1;
    return Math.max(0, seekSeconds - firstPictureSeconds - (keyframes[next - 1] ?? 0));
  });
}
