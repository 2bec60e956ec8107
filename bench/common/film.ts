import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { BIG_BUCK_BUNNY } from '../../e2e/clips.ts';

const run = promisify(execFile);
const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args]);

/** How long the clip is at 30 pictures a second instead of 24. */
const CLIP_SECONDS = 24;

export interface FilmOptions {
  readonly seconds: number;
  /** Copies the clip's 1920x1080 at 6 Mb/s when absent; else encodes it anew at this height. */
  readonly height?: number;
}

/**
 * A film of any length at 30 pictures a second, made of the real clip over and over by stream copy: groups of pictures of up to 8 s,
 * 7.4 Mb/s, the index at the end as cameras write it.
 */
export async function makeFilm(path: string, { seconds, height }: FilmOptions): Promise<string> {
  const clip = join(dirname(path), `clip-${height ?? 1080}.mp4`);
  const picture =
    height === undefined ? ['-c', 'copy'] : ['-c:a', 'copy', '-c:v', 'libx264', '-preset', 'veryfast', '-vf', `scale=-2:${height}`];
  const inputs = ['-itsscale', '0.8', '-i', BIG_BUCK_BUNNY, '-i', BIG_BUCK_BUNNY];
  await ffmpeg(...inputs, '-map', '0:v', '-map', '1:a', ...picture, '-t', String(CLIP_SECONDS), '-video_track_timescale', '30000', clip);
  const list = join(dirname(path), 'clips.txt');
  await writeFile(list, `file ${clip}\n`.repeat(Math.ceil(seconds / CLIP_SECONDS)));
  await ffmpeg('-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy', '-t', String(seconds), path);
  return path;
}
