import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import { sourceSchema } from '@mediaflow/shared/source';
import { fixTimeline } from '@mediaflow/shared/timeline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClipFolder, ffmpeg } from '../testing/clips.ts';
import { createRandom, mutate } from '../testing/mutants.ts';
import { picture, tone, X264 } from '../testing/zoo/zoo-case.ts';
import { probeFile } from './probe-file.ts';

const MUTANTS_PER_SEED = 16;

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

test.each([
  ['seed.mp4', [...X264, '-c:a', 'aac', '-movflags', '+faststart']],
  ['seed.mkv', [...X264, '-c:a', 'aac']],
  ['seed.avi', ['-c:v', 'mpeg4', '-c:a', 'mp3']],
  ['seed.ts', [...X264, '-c:a', 'aac']],
  ['seed.flv', ['-c:v', 'flv1', '-c:a', 'mp3', '-ar', '44100']],
  ['seed.wmv', ['-c:v', 'wmv2', '-c:a', 'wmav2']],
] as const)('each mutant of %s has a verdict', async (name, codecs) => {
  const path = join(clips.path, name);
  await ffmpeg(...picture('64x36', { seconds: 1 }), ...tone(1), ...codecs, path);
  const seed = await readFile(path);
  const random = createRandom(seed.length);
  for (let index = 0; index < MUTANTS_PER_SEED; index += 1) {
    await writeFile(path, mutate(seed, random));
    await probeFile(path, new AbortController().signal).then(
      (source) => {
        expect(sourceSchema.parse(source)).toEqual(source);
        expect(fixTimeline(source).segmentCount).toBeGreaterThan(0);
      },
      (error: unknown) => {
        expect(error).toBeInstanceOf(AppError);
        expect(error).toMatchObject({ isRetryable: false });
      },
    );
  }
});
