import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { counterInput, createClipFolder, ffmpeg, H264, readCounters } from '../testing/clips.ts';
import { encodeAsset, planAsset } from '../testing/encode-asset.ts';
import { encodeSound, RATE_HZ, sweep, sweepInput, worstFidelity } from '../testing/sound.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

const SECONDS = 9;
const FRAMES = Array.from({ length: SECONDS * 25 }, (_, frame) => frame);
/** Of one picture at most: what the first part's sound lacks to its picture's end, or has beyond it. */
const MAX_LAG_SECONDS = 0.04;

test.each([
  ['back', '0'],
  ['ahead', '600'],
])('two recordings in one transport stream, whose clock jumps %s, play one after the other', async (name, startSeconds) => {
  const at = (file: string): string => join(clips.path, file);
  const part = (file: string, start: string): Promise<void> =>
    ffmpeg(
      ...counterInput('25', SECONDS),
      ...sweepInput(SECONDS, 48_000),
      ...H264,
      '-c:a',
      'ac3',
      '-b:a',
      '448k',
      '-output_ts_offset',
      start,
      at(file),
    );
  await part('first.ts', '0');
  await part('second.ts', startSeconds);
  await writeFile(at(`${name}.ts`), Buffer.concat([await readFile(at('first.ts')), await readFile(at('second.ts'))]));
  const asset = await planAsset(at(`${name}.ts`));
  expect(asset.source).toMatchObject({ continuous: { streams: [0, 1] }, warnings: [{ type: 'joined' }] });
  expect(asset.timeline.frameCount).toBe(2 * FRAMES.length);
  const files = await encodeAsset(asset, at(name));
  const video = asset.renditions.find(({ kind }) => kind === 'video');
  expect(await readCounters(files.get(video?.id ?? '') ?? '')).toEqual([...FRAMES, ...FRAMES]);
  const { samples } = await encodeSound(asset, at(`${name}.sound`), 1);
  const lags = Array.from({ length: 241 }, (_, index) => ((index - 120) * MAX_LAG_SECONDS * RATE_HZ) / 120);
  const fidelityAt = (startsAt: number): number =>
    Math.max(
      ...lags.map((lag) => worstFidelity(samples, (index) => sweep((index - lag) / RATE_HZ - startsAt), startsAt + 3, startsAt + 4)),
    );
  expect([fidelityAt(0), fidelityAt(SECONDS)].every((each) => each > 6)).toBe(true);
});
