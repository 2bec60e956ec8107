import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { counterInput, createClipFolder, ffmpeg, H264, readCounters, toneInput } from '../testing/clips.ts';
import { encodeAsset, planAsset } from '../testing/encode-asset.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

/** Fragments of pictures and sound, with an index of each, of which as many are kept as is said. */
async function make(name: string, indexCount: number): Promise<string> {
  const path = join(clips.path, name);
  const flags = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof+global_sidx'];
  await ffmpeg(...counterInput('25', 14), ...toneInput(14), ...H264, '-c:a', 'aac', ...flags, path);
  const bytes = await readFile(path);
  const places: number[] = [];
  for (let at = bytes.indexOf('sidx'); at >= 0; at = bytes.indexOf('sidx', at + 4)) places.push(at);
  expect(places).toHaveLength(2);
  for (const at of places.slice(indexCount)) bytes.write('free', at, 'latin1');
  await writeFile(path, bytes);
  return path;
}

test('fragments with an index of the pictures alone keep all their pictures', async () => {
  const path = await make('pictures.mp4', 1);
  const asset = await planAsset(path);
  expect(asset.source.isIndexedInPart).toBe(true);
  expect(asset.units.length).toBeGreaterThan(2);
  const files = await encodeAsset(asset, join(clips.path, 'pictures'));
  const [rung] = asset.renditions;
  const shown = new Set(await readCounters(files.get(rung?.id ?? '') ?? ''));
  expect([...shown]).toEqual(Array.from({ length: 350 }, (_, frame) => frame));
});

test.each([0, 2])('with %i of two indices the upload itself is read', async (count) => {
  expect((await planAsset(await make(`${count}.mp4`, count))).source.isIndexedInPart).toBeUndefined();
});
