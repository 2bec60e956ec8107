import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLog } from '@mediaflow/platform/log';
import { type Consumer, consume, createProducer, type Producer } from '@mediaflow/platform/queue';
import { createFolderStore } from '@mediaflow/platform/storage/folder-store';
import { newAssetId } from '@mediaflow/shared/ids';
import { encodeJob, type OutcomePayload, outcomeJob, posterJob, probeJob, purgeJob } from '@mediaflow/shared/jobs';
import { mediaKey, mediaPrefix } from '@mediaflow/shared/keys';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { counterInput, createClipFolder, ffmpeg, H264, readCounters, toneInput } from './testing/clips.ts';
import { type RunningWorker, startWorker } from './worker.ts';

const redisUrl = `${inject('redisUrl')}/10`;
const log = createLog('test', 'silent');
const outcomes: OutcomePayload[] = [];
let clips: Awaited<ReturnType<typeof createClipFolder>>;
let worker: RunningWorker;
let producer: Producer;
let origin: Consumer;

beforeAll(async () => {
  clips = await createClipFolder();
  worker = await startWorker(
    {
      host: '127.0.0.1',
      port: 0,
      redisUrl,
      store: { kind: 'folder', directory: join(clips.path, 'store') },
      workDir: join(clips.path, 'work'),
      concurrency: 2,
      minFreeScratchBytes: 0,
      shutdownGraceMs: 20_000,
      logLevel: 'error',
    },
    log,
  );
  producer = createProducer(redisUrl, log);
  origin = consume(outcomeJob, { redisUrl, concurrency: 1, log, handle: async (outcome) => void outcomes.push(outcome) });
  await until(() =>
    producer.ping().then(
      () => true,
      () => false,
    ),
  );
});
afterAll(async () => {
  await worker.stop(0);
  await origin.close(0);
  await producer.close();
  await clips.remove();
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** The outcome of `kind` for an asset, as the origin would get it. */
async function outcome<Kind extends OutcomePayload['kind']>(kind: Kind, assetId: string): Promise<Extract<OutcomePayload, { kind: Kind }>> {
  const find = () => outcomes.find((candidate) => candidate.kind === kind && candidate.assetId === assetId);
  await until(() => find() !== undefined);
  return find() as Extract<OutcomePayload, { kind: Kind }>;
}

const store = () => createFolderStore(join(clips.path, 'store'));

/** Puts a file where an upload would, and returns what a job says of it. */
async function upload(content: Uint8Array) {
  const assetId = newAssetId();
  const sourceKey = `sources/${assetId}/1`;
  await store().put(sourceKey, content);
  return { assetId, version: 1, sourceKey, sizeBytes: content.byteLength, quality: 'plus' as const };
}

async function uploadClip(...args: readonly string[]) {
  const path = join(clips.path, 'upload.mp4');
  await ffmpeg(...args, path);
  return upload(await readFile(path));
}

test('an upload becomes playlists, then segments and a poster, then nothing again', async () => {
  const asset = await uploadClip(...counterInput('25', 9), ...toneInput(9), ...H264, '-c:a', 'aac');
  await producer.enqueue(probeJob, asset);
  const probed = await outcome('probed', asset.assetId);
  const folder = join(clips.path, 'store', mediaPrefix(asset.assetId, 1));
  expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.m3u8')).toSorted()).toEqual(
    ['main.m3u8', ...probed.renditions.map(({ id }) => `${id}/playlist.m3u8`)].toSorted(),
  );

  for (const unit of probed.units) {
    const renditions = probed.renditions.filter(({ id }) => unit.renditionIds.includes(id));
    await producer.enqueue(encodeJob, { ...asset, source: probed.source, timeline: probed.timeline, renditions, unit, fence: 1 });
  }
  await producer.enqueue(posterJob, { ...asset, source: probed.source });
  await outcome('poster', asset.assetId);
  const stored = () => outcomes.filter((candidate) => candidate.kind === 'stored' && candidate.assetId === asset.assetId);
  await until(() => stored().length === probed.units.length);
  for (const candidate of stored()) {
    if (candidate.kind !== 'stored') continue;
    for (const { renditionId, firstSegment, sizesBytes } of candidate.segments) {
      for (const [index, sizeBytes] of sizesBytes.entries()) {
        const object = { kind: 'segment', renditionId, number: firstSegment + index } as const;
        expect(await store().head(mediaKey({ assetId: asset.assetId, version: 1, object }))).toMatchObject({ sizeBytes });
      }
    }
  }
  // The same objects through an HLS demuxer of somebody else.
  expect(await readCounters(join(folder, 'main.m3u8'))).toEqual(Array.from({ length: 225 }, (_, frame) => frame));
  expect((await readFile(join(folder, 'poster.jpg'))).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));

  await producer.enqueue(purgeJob, { assetId: asset.assetId, prefixes: [mediaPrefix(asset.assetId)] });
  const isEmpty = async (): Promise<boolean> => {
    for await (const _ of store().list(mediaPrefix(asset.assetId))) return false;
    return true;
  };
  await until(isEmpty);
});

test('a file that is no video fails once, with a reason, and the queue goes on', async () => {
  const text = await upload(new TextEncoder().encode('not a video at all\n'.repeat(50)));
  const good = await uploadClip(...counterInput('25', 1), ...H264);
  await producer.enqueue(probeJob, text);
  await producer.enqueue(probeJob, good);
  expect(await outcome('failed', text.assetId)).toEqual({
    kind: 'failed',
    job: 'probe',
    assetId: text.assetId,
    version: 1,
    attempts: 1,
    error: { code: 'not_media', message: 'The file looks like plain text, not video or audio.', details: {} },
  });
  await outcome('probed', good.assetId);
});

test('a source that is not there fails as such', async () => {
  const assetId = newAssetId();
  await producer.enqueue(probeJob, { assetId, version: 1, sourceKey: `sources/${assetId}/1`, sizeBytes: 10, quality: 'plus' });
  expect(await outcome('failed', assetId)).toMatchObject({ error: { code: 'source_missing' } });
});

test('answers for itself and for each dependency', async () => {
  const get = async (path: string) => fetch(`http://127.0.0.1:${worker.port}${path}`);
  expect((await get('/health')).status).toBe(200);
  const ready = await get('/ready');
  expect(await ready.json()).toEqual({
    redis: 'ok',
    store: 'ok',
    ffmpeg: expect.stringMatching(/^ok$|^ffmpeg .* is older than/),
    scratch: 'ok',
  });
  expect(ready.status).toBe(200);
  expect((await get('/anything')).status).toBe(404);
});
