import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import { newAssetId } from '@mediaflow/shared/ids';
import { mediaKey } from '@mediaflow/shared/keys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeFile } from '../probe/probe-file.ts';
import { createClipFolder, ffmpeg, H264 } from '../testing/clips.ts';
import { createHandlerContext } from '../testing/handler-context.ts';
import { handlePoster } from './handler.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

test('a worker that lost the job stores no poster; the one that has it does', async () => {
  const path = join(clips.path, 'film.mp4');
  await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=64x36:d=2', ...H264, path);
  const { context, outcomes } = await createHandlerContext(clips.path);
  const source = await probeFile(path, context.signal);
  const [assetId, sourceKey] = [newAssetId(), 'sources/fedcba98765432100123456789abcdef/1'];
  await context.store.put(sourceKey, await readFile(path));
  const payload = { assetId, version: 1, sourceKey, sizeBytes: source.sizeBytes, source };
  const key = mediaKey({ assetId, version: 1, object: { kind: 'poster' } });

  const lost = new AppError('worker_lost', 'The job was taken away from this worker.');
  await expect(handlePoster(payload, { ...context, confirmLease: () => Promise.reject(lost) })).rejects.toBe(lost);
  expect(await context.store.head(key)).toBeUndefined();
  await handlePoster(payload, context);
  expect(await context.store.head(key)).toBeDefined();
  expect(outcomes).toEqual([{ kind: 'poster', assetId, version: 1 }]);
});
