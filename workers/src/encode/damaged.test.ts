import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counterInput, createClipFolder, ffmpeg, H264, readCounters, readPackets } from '../testing/clips.ts';
import { encodeUnit, type PlannedAsset, planAsset } from '../testing/encode-asset.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

const SECONDS = 24;
const FRAMES = SECONDS * 25;

/** A clip of 24 s with a keyframe every two seconds, and damage done to it after the probe: what a probe finds is not the matter here. */
async function damage(
  name: string,
  harm: (path: string) => Promise<void>,
  codec: readonly string[] = [...H264, '-g', '50'],
): Promise<PlannedAsset> {
  const path = join(clips.path, name);
  await ffmpeg(...counterInput('25', SECONDS), ...codec, path);
  const asset = await planAsset(path);
  expect(asset.timeline.frameCount).toBe(FRAMES);
  await harm(path);
  return asset;
}

/** Bytes that repeat in every run and look like nothing. */
const noise = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 7_919 + (index >> 3) * 104_729) % 251);

const overwrite =
  (share: number, bytes: Uint8Array) =>
  async (path: string): Promise<void> => {
    const file = await open(path, 'r+');
    await file.write(bytes, 0, bytes.byteLength, Math.floor((await file.stat()).size * share));
    await file.close();
  };

/** Encodes all units; returns each one's count, and what the lowest rung shows. */
async function encodeAll(
  asset: PlannedAsset,
): Promise<{ total: number; damaged: number; shown: readonly number[]; counts: readonly number[] }> {
  const parts: Uint8Array[] = [];
  const counts: number[] = [];
  let total = 0;
  for (const unit of asset.units) {
    const { renditions, pictures } = await encodeUnit(asset, unit, clips.path);
    total += pictures?.total ?? 0;
    counts.push(pictures?.damaged ?? 0);
    const lowest = renditions.at(-1);
    if (parts.length === 0 && lowest !== undefined) parts.push(lowest.init);
    parts.push(...(lowest?.segments.map(({ bytes }) => bytes) ?? []));
  }
  const joined = join(clips.path, 'joined.mp4');
  await writeFile(joined, Buffer.concat(parts));
  expect(await readPackets(joined)).toHaveLength(FRAMES);
  return { total, damaged: counts.reduce((sum, count) => sum + count, 0), shown: await readCounters(joined), counts };
}

describe('a damaged file is encoded to its end', () => {
  test.each([
    ['MP4', 'middle.mp4'],
    ['Matroska', 'middle.mkv'],
    ['MPEG-TS', 'middle.ts'],
  ])('2,000 bytes overwritten in the middle of %s: some pictures are damaged, few, and the rest are right', async (_, name) => {
    const { total, damaged, shown } = await encodeAll(await damage(name, overwrite(0.5, noise(2_000))));
    expect(total).toBe(FRAMES);
    expect(damaged).toBeGreaterThan(0);
    // The rest of one group of pictures at most; in Matroska a cluster, which is five seconds long.
    expect(damaged).toBeLessThan(name.endsWith('mkv') ? 150 : 60);
    const wrong = shown.filter((counter, frame) => counter !== frame).length;
    expect(wrong).toBeLessThan(name.endsWith('mkv') ? 150 : 60);
    expect(shown.slice(0, 200)).toEqual(Array.from({ length: 200 }, (_, frame) => frame));
    expect(shown.slice(-100)).toEqual(Array.from({ length: 100 }, (_, frame) => FRAMES - 100 + frame));
  });

  test('a whole unit overwritten: the last picture before it is held, and the next good one ends that', async () => {
    const blank = async (path: string): Promise<void> => {
      const size = (await readFile(path)).byteLength;
      await overwrite(0.3, new Uint8Array(Math.floor(size * 0.45)))(path);
    };
    const { total, damaged, shown } = await encodeAll(await damage('unit.mp4', blank));
    expect(total).toBe(FRAMES);
    expect(damaged).toBeGreaterThan(FRAMES * 0.4);
    expect(damaged).toBeLessThan(FRAMES * 0.55);
    expect(shown[300]).toBeLessThan(200);
    expect(shown.slice(-25)).toEqual(Array.from({ length: 25 }, (_, frame) => FRAMES - 25 + frame));
  });

  test('the beginning overwritten: the first good picture stands for what is before it', async () => {
    const { damaged, shown } = await encodeAll(
      await damage('start.mkv', overwrite(0.05, new Uint8Array(12_000)), ['-c:v', 'mpeg4', '-q:v', '5', '-g', '25']),
    );
    expect(damaged).toBeGreaterThan(0);
    expect(shown).toHaveLength(FRAMES);
  });

  test('the second half cut off: the last picture is held to the promised end', async () => {
    const cut = async (path: string): Promise<void> => {
      const bytes = await readFile(path);
      await writeFile(path, bytes.subarray(0, Math.floor(bytes.byteLength / 2)));
    };
    const { total, damaged, shown } = await encodeAll(await damage('cut.mp4', cut, [...H264, '-g', '50', '-movflags', '+faststart']));
    expect(total).toBe(FRAMES);
    expect(damaged).toBeGreaterThan(FRAMES * 0.4);
    expect(damaged).toBeLessThan(FRAMES * 0.6);
    expect(new Set(shown.slice(-200)).size).toBe(1);
  });

  test('nothing but zeros where the pictures were is an error that no repetition mends', async () => {
    const asset = await damage('dead.mp4', async (path) => {
      const bytes = await readFile(path);
      const start = bytes.indexOf('mdat') + 4;
      await writeFile(
        path,
        Buffer.concat([
          bytes.subarray(0, start),
          Buffer.alloc(bytes.indexOf('moov') - 4 - start),
          bytes.subarray(bytes.indexOf('moov') - 4),
        ]),
      );
    });
    const [unit] = asset.units;
    if (unit === undefined) throw new Error('no unit');
    await expect(encodeUnit(asset, unit, clips.path)).rejects.toMatchObject({ code: 'corrupt', isRetryable: false });
  });
});
