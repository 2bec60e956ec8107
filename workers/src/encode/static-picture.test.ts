import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { counterInput, createClipFolder, ffmpeg, H264, readCounters } from '../testing/clips.ts';
import { encodeAsset, planAsset } from '../testing/encode-asset.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

/** As a screen is recorded: pictures at its beginning and its end, and a minute without any between them. */
test.each([
  ['an indexed file, read from the keyframe before the gap', 'screen.mp4'],
  ['Matroska', 'screen.mkv'],
  ['a file without an index, where nothing lies near the window', 'screen.ts'],
])('a minute without a picture shows the one before it: %s', async (_, name) => {
  const path = join(clips.path, name);
  const still = "select='lt(n,100)+gte(n,1650)'";
  const codec = [...H264, '-g', '40', '-muxdelay', '0', '-max_interleave_delta', '0'];
  await ffmpeg(...counterInput('25', 70, '160x90'), '-vf', still, '-fps_mode', 'vfr', ...codec, path);
  const asset = await planAsset(path);
  const { frameRate, frameCount } = asset.timeline;
  const files = await encodeAsset(asset, join(clips.path, `${name}.out`));
  const rate = frameRate.num / frameRate.den;
  const expected = Array.from({ length: frameCount }, (_, frame) => {
    const source = Math.round((frame * 25) / rate);
    return source < 100 ? source : source < 1650 ? 99 : source;
  });
  for (const [id, file] of files) {
    if (!id.startsWith('v')) continue;
    const shown = await readCounters(file);
    expect(shown).toHaveLength(frameCount);
    const wrong = shown.filter((counter, frame) => counter !== expected[frame]);
    expect(wrong).toEqual([]);
  }
});
