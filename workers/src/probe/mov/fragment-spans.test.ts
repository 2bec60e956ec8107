import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { counterInput, createClipFolder, ffmpeg, H264 } from '../../testing/clips.ts';
import { readBoxes } from './boxes.ts';
import { type FragmentSpan, readFragmentSpans } from './fragment-spans.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
let bytes: Buffer;
beforeAll(async () => {
  clips = await createClipFolder();
  const path = join(clips.path, 'film.mp4');
  await ffmpeg(...counterInput('25', 8), ...H264, '-movflags', '+frag_keyframe+empty_moov', path);
  bytes = await readFile(path);
});
afterAll(() => clips.remove());

async function spanOf(content: Buffer): Promise<FragmentSpan | undefined> {
  const path = join(clips.path, 'read.mp4');
  await writeFile(path, content);
  const file = await open(path, 'r');
  try {
    return (await readFragmentSpans(file, await readBoxes(file, 0, content.length))).get(1);
  } finally {
    await file.close();
  }
}

test('fragments reach from the first sample to the last', async () => {
  expect(await spanOf(bytes)).toEqual({ startTicks: 0, endTicks: 8 * 12_800 });
});

test('a run of four billion samples that take no byte is not counted', async () => {
  const forged = Buffer.from(bytes);
  const last = forged.lastIndexOf('trun');
  // Version, flags of no field, and how many.
  forged.writeUInt32BE(0, last + 4);
  forged.writeUInt32BE(0xffff_ffff, last + 8);
  expect((await spanOf(forged))?.endTicks).toBeLessThan(8 * 12_800);
});
