import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { planRenditions } from '@mediaflow/shared/ladder';
import { makeSource } from '@mediaflow/shared/testing/sources';
import { fixTimeline } from '@mediaflow/shared/timeline';
import { CPU_FLAGS } from '../../workers/src/ffmpeg/cpu-flags.ts';
import { parseStat, TICKS_PER_SECOND } from '../common/processes.ts';

const run = promisify(execFile);

/**
 * CPU seconds of one ffmpeg process that makes the platform's ladder of a 1080p30 film in a single run: one decode, each size scaled
 * from the next larger, the same encoder settings, threads as ffmpeg chooses them. Scaled without gather instructions as the platform does, or
 * the comparison would be one of processors.
 */
export async function encodeInOneRun(path: string, seconds: number, directory: string): Promise<number> {
  const source = makeSource({ rate: '30/1', width: 1920, height: 1080, videoSeconds: seconds, audioSeconds: seconds });
  const timeline = fixTimeline(source);
  const renditions = planRenditions(source, timeline);
  const videos = renditions.filter((rendition) => rendition.kind === 'video');
  const [audio] = renditions.filter((rendition) => rendition.kind === 'audio');
  const graph = videos.map(({ id, width, height }, index) => {
    const from = index === 0 ? '[0:v]' : `[below${index}]`;
    const isLast = index === videos.length - 1;
    return `${from}scale=${width}:${height},format=yuv420p${isLast ? '' : ',split'}[${id}]${isLast ? '' : `[below${index + 1}]`}`;
  });
  const pictures = videos.flatMap(({ id, preset, crf, maxBitrateBps, bufferBits, level }) => [
    ...['-map', `[${id}]`, '-c:v', 'libx264', '-preset', preset, '-profile:v', 'high', '-level:v', level],
    ...['-crf', String(crf), '-maxrate', String(maxBitrateBps), '-bufsize', String(bufferBits)],
    ...['-g', String(timeline.framesPerSegment), '-keyint_min', String(timeline.framesPerSegment), '-sc_threshold', '0'],
    join(directory, `${id}.mp4`),
  ]);
  const sound = ['-map', '0:a', '-c:a', 'aac', '-ac', '2', '-b:a', String(audio?.kind === 'audio' ? audio.bitrateBps : 0)];
  const before = childTicks();
  await run('ffmpeg', [
    ...[...CPU_FLAGS, '-v', 'error', '-nostdin', '-y', '-i', path, '-filter_complex', graph.join(';')],
    ...[...pictures, ...sound, join(directory, 'a0.mp4')],
  ]);
  return (childTicks() - before) / TICKS_PER_SECOND;
}

/** Of the children this process has waited for. */
const childTicks = (): number => parseStat(readFileSync('/proc/self/stat', 'utf8')).childTicks;
