import { createReadStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createFolderStore } from '@mediaflow/platform/storage/folder-store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeFile } from '../probe/probe-file.ts';
import { counterInput, createClipFolder, ffmpeg, H264, readCounters, toneInput } from '../testing/clips.ts';
import { withSourceFile } from './source-file.ts';
import { createStaging, type Staging } from './staging.ts';

const FRAMES = Array.from({ length: 100 }, (_, frame) => frame);
const sourceKey = 'sources/0123456789abcdef0123456789abcdef/1';
const { signal } = new AbortController();

let clips: Awaited<ReturnType<typeof createClipFolder>>;
let staging: Staging;
let sizeBytes: number;
beforeAll(async () => {
  clips = await createClipFolder();
  const [part, whole] = [join(clips.path, 'part.ts'), join(clips.path, 'whole.ts')];
  await ffmpeg(...counterInput('25', 4), ...toneInput(4), ...H264, '-c:a', 'aac', part);
  await writeFile(whole, Buffer.concat([await readFile(part), await readFile(part)]));
  ({ size: sizeBytes } = await stat(whole));
  const store = createFolderStore(join(clips.path, 'store'));
  await store.put(sourceKey, Readable.toWeb(createReadStream(whole)) as ReadableStream<Uint8Array>);
  staging = createStaging({
    store,
    directory: join(clips.path, 'staging'),
    freeBytes: () => Promise.resolve(Number.POSITIVE_INFINITY),
    minFreeBytes: 0,
  });
});
afterAll(async () => {
  await staging.close();
  await clips.remove();
});

test('work on joined recordings is given one copy of theirs, on whichever worker; on others the upload', async () => {
  const source = await staging.withSource({ sourceKey, sizeBytes }, (path, derive) => probeFile(path, signal, derive));
  await staging.close();
  const use = (described: typeof source): Promise<readonly [path: string, counters: readonly number[]]> =>
    withSourceFile({ staging, signal }, { sourceKey, sizeBytes, source: described }, async (path) => [path, await readCounters(path)]);
  const [[path, counters], [again]] = await Promise.all([use(source), use(source)]);
  expect(counters).toEqual([...FRAMES, ...FRAMES]);
  expect(again).toBe(path);
  const { continuous, ...plain } = source;
  expect(continuous).toEqual({ streams: [0, 1] });
  expect((await use(plain))[0]).not.toBe(path);
});
