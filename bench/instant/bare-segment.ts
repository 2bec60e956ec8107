import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OPENING_SECONDS, SEGMENT_SECONDS } from '@mediaflow/shared/timeline';

const run = promisify(execFile);

/** The lowest rung of a 1080p film: what a viewer sees first. */
const LOWEST = { width: 426, height: 240, crf: 22, maxrate: '400k' };

/** Seconds that ffmpeg alone takes, all cores its own, for the segment of the lowest rung at `seconds`: nothing can be faster than that. */
export async function encodeBareSegment(path: string, seconds: number, directory: string): Promise<number> {
  const { width, height, crf, maxrate } = LOWEST;
  const duration = seconds === 0 ? OPENING_SECONDS : SEGMENT_SECONDS;
  const start = performance.now();
  await run('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-y', '-ss', String(seconds), '-i', path, '-t', String(duration), '-map', '0:v'],
    ...['-vf', `scale=${width}:${height}`, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crf)],
    ...['-maxrate', maxrate, '-bufsize', maxrate, '-movflags', '+empty_moov+default_base_moof', join(directory, 'bare.mp4')],
  ]);
  return (performance.now() - start) / 1000;
}
