import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClipFolder, ffmpeg, H264, readColour } from '../testing/clips.ts';
import { encodeAsset, planAsset } from '../testing/encode-asset.ts';

const execute = promisify(execFile);

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

/** Far from grey, where the matrices differ most. */
const RED = [200, 30, 40] as const;
const red = (size: string): readonly string[] => [
  ...['-f', 'lavfi', '-i', `color=c=0x${RED.map((part) => part.toString(16)).join('')}:s=${size}:r=10:d=0.4,format=gbrp`],
];
const toLuma = (matrix: string, range = 'tv'): readonly string[] => [
  ...['-vf', `scale=out_color_matrix=${matrix}:out_range=${range},format=yuv420p,setparams=range=${range}`],
];

/** The colour of the middle, as a player shows it that goes by the labels. */
async function readMiddle(path: string): Promise<readonly number[]> {
  const filters = 'crop=2:2,scale=in_color_matrix=auto,format=rgb24,scale=1:1';
  const args = ['-v', 'error', '-i', path, '-frames:v', '1', '-vf', filters, '-f', 'rawvideo', '-'];
  return [...(await execute('ffmpeg', args, { encoding: 'buffer' })).stdout];
}

async function encodeLowest(path: string): Promise<string> {
  const asset = await planAsset(path);
  const files = await encodeAsset(asset, `${path}.scratch`);
  return files.get('v120') ?? '';
}

const BT709 = { color_space: 'bt709', color_transfer: 'bt709', color_primaries: 'bt709' };
const BT601 = { color_space: 'smpte170m', color_transfer: 'bt709', color_primaries: 'smpte170m' };

describe('every rendition says what its colours are, and they are those of the source:', () => {
  test.each([
    ['a screen in RGB', 'screen.mov', [...red('320x180'), '-c:v', 'qtrle', '-pix_fmt', 'rgb24'], BT709],
    ['RGB in H.264', 'screen.mp4', [...red('320x180'), '-c:v', 'libx264rgb', '-preset', 'ultrafast'], BT709],
    ['a small picture without labels', 'small.mp4', [...red('320x180'), ...toLuma('smpte170m'), ...H264], BT601],
    ['a large picture without labels', 'large.mp4', [...red('1280x720'), ...toLuma('bt709'), ...H264], BT709],
    [
      'full range that only a label tells',
      'full.webm',
      [...red('320x180'), ...toLuma('smpte170m', 'pc'), '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-color_range', 'pc'],
      BT601,
    ],
  ] as const)('%s', async (_, file, args, labels) => {
    const path = join(clips.path, file);
    await ffmpeg(...args, path);
    const rendition = await encodeLowest(path);
    expect(await readColour(rendition)).toEqual(labels);
    for (const [index, part] of (await readMiddle(rendition)).entries())
      expect(Math.abs(part - (RED[index] ?? 0)), `part ${index}`).toBeLessThanOrEqual(5);
  });

  test('high dynamic range without a matrix or primaries is tone-mapped', async () => {
    const path = join(clips.path, 'hdr.mkv');
    await ffmpeg(...red('320x180'), '-c:v', 'ffv1', '-pix_fmt', 'yuv420p10le', '-color_trc', 'smpte2084', path);
    expect(await readColour(await encodeLowest(path))).toEqual(BT709);
  });

  test('a broadcast whose labels change on the way keeps the first', async () => {
    const part = async (name: string, labels: readonly string[]): Promise<Buffer> => {
      const path = join(clips.path, name);
      await ffmpeg(...red('320x180'), ...toLuma('bt709'), ...H264, ...labels, path);
      return readFile(path);
    };
    const labelled = await part('labelled.ts', ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709']);
    const joined = join(clips.path, 'changing.ts');
    await writeFile(joined, Buffer.concat([labelled, await part('plain.ts', ['-output_ts_offset', '0.4'])]));
    expect(await readColour(await encodeLowest(joined))).toEqual(BT709);
  });
});
