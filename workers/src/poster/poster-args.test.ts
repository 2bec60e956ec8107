import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runFfmpeg } from '../ffmpeg/run.ts';
import { probeFile } from '../probe/probe-file.ts';
import { createClipFolder, ffmpeg, H264 } from '../testing/clips.ts';
import { posterCommand } from './poster-args.ts';

const execute = promisify(execFile);
const { signal } = new AbortController();

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

const RED = [200, 30, 40] as const;
const red = (size: string): readonly string[] => ['-f', 'lavfi', '-i', `color=c=0xc81e28:s=${size}:r=10:d=0.4,format=gbrp`];
const inBt709: readonly string[] = ['-vf', 'scale=out_color_matrix=bt709,format=yuv420p', ...H264];

async function makePoster(path: string): Promise<string> {
  const { demuxer, video } = await probeFile(path, signal);
  if (video === undefined) throw new TypeError(`${path} has no picture`);
  const poster = `${path}.jpg`;
  await runFfmpeg(posterCommand(demuxer, video, { seekSeconds: 0, isKeyframe: false }, path, poster), { signal });
  return poster;
}

describe('a poster has the colours of the film, as viewers of JPEG take them:', () => {
  test.each([
    ['labelled BT.709', 'labelled.mp4', [...red('320x180'), ...inBt709, '-colorspace', 'bt709']],
    ['a large picture without labels', 'large.mp4', [...red('1280x720'), ...inBt709]],
    ['RGB', 'screen.mov', [...red('320x180'), '-c:v', 'qtrle', '-pix_fmt', 'rgb24']],
  ])('%s', async (_, file, args) => {
    const path = join(clips.path, file);
    await ffmpeg(...args, path);
    const poster = await makePoster(path);
    // The decoder says what JPEG says: BT.601, full range.
    const middle = ['-v', 'error', '-i', poster, '-vf', 'crop=2:2,format=rgb24,scale=1:1', '-f', 'rawvideo', '-'];
    const { stdout } = await execute('ffmpeg', middle, { encoding: 'buffer' });
    for (const [index, part] of RED.entries()) expect(Math.abs((stdout[index] ?? 0) - part), `part ${index}`).toBeLessThanOrEqual(5);
  });
});

test('high dynamic range without a matrix or primaries has a poster', async () => {
  const path = join(clips.path, 'hdr.mkv');
  await ffmpeg(...red('320x180'), '-c:v', 'ffv1', '-pix_fmt', 'yuv420p10le', '-color_trc', 'smpte2084', path);
  await expect(makePoster(path)).resolves.toMatch(/jpg$/);
});
