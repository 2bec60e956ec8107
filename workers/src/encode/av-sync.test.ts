import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClipFolder, ffmpeg, H264, readPackets, readSamples } from '../testing/clips.ts';
import { encodeAsset, planAsset } from '../testing/encode-asset.ts';
import { RATE_HZ } from '../testing/sound.ts';

const execute = promisify(execFile);
let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

/**
 * When the picture flashes and the tone beeps: near the beginning, in the middle, and in the last second. In seconds of
 * the film's own pace, which is 1.001 for the rates that television slowed down, so that each mark is a whole frame.
 */
const MARKS = [2, 20, 38] as const;
const SECONDS = 39;
/** True for 40 ms from each mark on. */
const isMarked = (time: string, pace: number): string => `lt(mod(${time}+${16 * pace},${18 * pace}),0.04)`;
const flash = (rate: string, pace: number): readonly string[] => [
  ...['-f', 'lavfi', '-i', `nullsrc=s=64x36:r=${rate}:d=${SECONDS},format=gray,geq=lum='if(${isMarked('T+0.001', pace)},235,16)'`],
];
const beep = (pace: number): readonly string[] => [
  ...['-f', 'lavfi', '-i', `aevalsrc='if(${isMarked('t', pace)},0.8*sin(2*PI*1000*t),0)':d=${SECONDS}:s=44100`],
];

/** Seconds at which the picture turns from dark to bright, by the file's own presentation times. */
async function readFlashes(path: string): Promise<readonly number[]> {
  const raw = ['-vf', 'scale=1:1:flags=area,format=gray', '-fps_mode', 'passthrough', '-f', 'rawvideo', '-'];
  const { stdout } = await execute('ffmpeg', ['-v', 'error', '-i', path, '-map', '0:v', ...raw], { encoding: 'buffer' });
  const { stdout: base } = await execute('ffprobe', ['-v', 'error', '-show_entries', 'stream=time_base', '-of', 'csv=p=0', path]);
  const ticksPerSecond = Number(base.trim().split('/')[1]);
  const shownAt = (await readPackets(path)).map(({ pts }) => pts / ticksPerSecond).toSorted((a, b) => a - b);
  expect(shownAt).toHaveLength(stdout.length);
  return shownAt.filter((_, frame) => (stdout[frame] ?? 0) > 128 && (stdout[frame - 1] ?? 0) <= 128);
}

/** Seconds at which the tone sets in after silence. */
function findBeeps(samples: Float32Array): readonly number[] {
  const onsets: number[] = [];
  samples.forEach((sample, index) => {
    const seconds = index / RATE_HZ;
    if (Math.abs(sample) > 0.2 && seconds - (onsets.at(-1) ?? Number.NEGATIVE_INFINITY) > 1) onsets.push(seconds);
  });
  return onsets;
}

/** Irregular gaps, none of them at a mark. */
const VARIABLE = ['-vf', `select='${isMarked('t+0.1', 1)}+${isMarked('t+0.001', 1)}+gt(mod(n*7,11),2)'`, '-fps_mode', 'vfr'] as const;

test.each([
  ['NTSC in MP4', 'ntsc.mp4', '30000/1001', 1.001, []],
  ['a variable rate in Matroska', 'variable.mkv', '30', 1, VARIABLE],
  ['MPEG-TS', 'film.ts', '24000/1001', 1.001, []],
] as const)('sound stays within 20 ms of the picture from start to end: %s', async (_, name, rate, pace, options) => {
  const path = join(clips.path, name);
  await ffmpeg(...flash(rate, pace), ...beep(pace), ...options, ...H264, '-c:a', 'aac', '-b:a', '128k', path);
  const asset = await planAsset(path);
  const files = await encodeAsset(asset, join(clips.path, `${name}.out`));
  const video = asset.renditions.find(({ kind }) => kind === 'video');
  const flashes = await readFlashes(files.get(video?.id ?? '') ?? '');
  const beeps = findBeeps(await readSamples(files.get('a0') ?? ''));
  expect(flashes).toHaveLength(MARKS.length);
  expect(beeps).toHaveLength(MARKS.length);
  for (const [index, mark] of MARKS.entries()) {
    expect(Math.abs((beeps[index] ?? 0) - (flashes[index] ?? 0))).toBeLessThan(0.02);
    // And both where the source has them, but for what the timeline's start takes off.
    expect(Math.abs((beeps[index] ?? 0) - mark * pace)).toBeLessThan(0.05);
  }
});
