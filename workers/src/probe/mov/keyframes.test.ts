import { execFile } from 'node:child_process';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { counterInput, createClipFolder, ffmpeg, H264, toneInput } from '../../testing/clips.ts';
import { readMovKeyframes, startTicks } from './keyframes.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

const at = (name: string): string => join(clips.path, name);

async function keyframesOf(name: string, stream = 0): Promise<readonly number[] | undefined> {
  const file = await open(at(name));
  try {
    return await readMovKeyframes(file, stream);
  } finally {
    await file.close();
  }
}

/** As ffprobe shows them, after the first picture. */
async function shownKeyframes(name: string): Promise<readonly number[]> {
  const entries = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0'];
  const { stdout } = await promisify(execFile)('ffprobe', [...entries, at(name)]);
  const packets = stdout
    .split('\n')
    .filter((line) => line.includes(','))
    .map((line) => ({ seconds: Number.parseFloat(line), isKey: line.includes('K') }));
  const first = Math.min(...packets.map(({ seconds }) => seconds));
  return packets.filter(({ isKey }) => isKey).map(({ seconds }) => seconds - first);
}

describe('readMovKeyframes', () => {
  test.each<{ name: string; rate: string; options: readonly string[] }>([
    { name: 'with B-frames', rate: '25', options: [] },
    { name: 'at an NTSC rate', rate: '30000/1001', options: [] },
    { name: 'with the index in front', rate: '25', options: ['-movflags', '+faststart'] },
    { name: 'of changing rate', rate: '50', options: ['-vf', "select='lt(mod(t,2),1)+not(mod(n,5))'", '-fps_mode', 'vfr'] },
    { name: 'that begins late', rate: '25', options: ['-output_ts_offset', '1.5'] },
  ])('finds the keyframes of a film $name', async ({ name, rate, options }) => {
    const file = `${name.replaceAll(' ', '-')}.mp4`;
    await ffmpeg(...toneInput(20), ...counterInput(rate, 20), '-map', '1:v', '-map', '0:a', ...H264, ...options, at(file));
    const [found, shown] = [await keyframesOf(file), await shownKeyframes(file)];
    expect(found).toHaveLength(shown.length);
    expect(shown.length).toBeGreaterThan(5);
    for (const [index, seconds] of (found ?? []).entries()) expect(Math.abs(seconds - (shown[index] ?? 0))).toBeLessThan(0.11);
  });

  it('says nothing of fragments, of keyframes alone, of sound and of what is not there', async () => {
    const picture = [...counterInput('25', 4), ...toneInput(4)];
    await ffmpeg(...picture, ...H264, '-movflags', '+frag_keyframe+empty_moov', at('fragments.mp4'));
    await ffmpeg(...picture, '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', at('keyframes.mov'));
    await ffmpeg(...picture, ...H264, at('plain.mp4'));
    expect(await keyframesOf('fragments.mp4')).toBeUndefined();
    expect(await keyframesOf('keyframes.mov')).toBeUndefined();
    expect(await keyframesOf('plain.mp4', 0)).toEqual([0, 3.88]);
    expect(await keyframesOf('plain.mp4', 1)).toBeUndefined();
    expect(await keyframesOf('plain.mp4', 2)).toBeUndefined();
  });

  it('says nothing of a track whose beginning is cut off by an edit', async () => {
    await ffmpeg(...counterInput('25', 12), ...H264, '-g', '50', at('whole.mp4'));
    // Begins between keyframes, so that the copy keeps pictures that an edit hides.
    await ffmpeg('-ss', '5', '-i', at('whole.mp4'), '-c', 'copy', at('cut.mp4'));
    expect(await keyframesOf('whole.mp4')).toHaveLength(6);
    expect(await keyframesOf('cut.mp4')).toBeUndefined();
  });

  it('believes no number in a table that its bytes do not bear out', async () => {
    await ffmpeg(...counterInput('25', 12), ...H264, '-g', '50', at('honest.mp4'));
    const bytes = await readFile(at('honest.mp4'));
    const honest = await keyframesOf('honest.mp4');
    expect(honest).toHaveLength(6);
    for (const type of ['stss', 'stts']) {
      for (const count of [0, 1, 0x7fff_ffff, 0xffff_ffff]) {
        const forged = Buffer.from(bytes);
        forged.writeUInt32BE(count, forged.indexOf(type) + 8);
        await writeFile(at('forged.mp4'), forged);
        const found = (await keyframesOf('forged.mp4')) ?? [];
        expect(found.length).toBeLessThanOrEqual(6);
      }
    }
    for (const type of ['stss', 'stts', 'mdhd', 'elst']) {
      const resize = async (size: number): Promise<readonly number[] | undefined> => {
        const sizes = Buffer.from(bytes);
        sizes.writeUInt32BE(size, sizes.indexOf(type) - 4);
        await writeFile(at('forged.mp4'), sizes);
        return await keyframesOf('forged.mp4');
      };
      for (const size of [8, 9, 12]) expect(await resize(size), `${type} of ${size}`).toBeUndefined();
      // Taken to end with what holds it.
      expect([undefined, honest]).toContainEqual(await resize(0xffff_fff0));
    }
    const edits = Buffer.from(bytes);
    edits.writeUInt32BE(0xffff_ffff, edits.indexOf('elst') + 8);
    await writeFile(at('forged.mp4'), edits);
    expect(await keyframesOf('forged.mp4')).toBeUndefined();
  });
});

describe('startTicks', () => {
  it.each([
    { name: 'one rate', samples: [1, 11, 21], runs: [100, 512], expected: [0, 5_120, 10_240] },
    { name: 'changing rates', samples: [1, 3, 5], runs: [2, 100, 2, 50, 9, 10], expected: [0, 200, 300] },
    { name: 'samples beyond the runs', samples: [1, 9], runs: [4, 100], expected: [0] },
    { name: 'no samples', samples: [], runs: [4, 100], expected: [] },
  ])('$name', ({ samples, runs, expected }) => expect(startTicks(samples, runs)).toEqual(expected));
});
