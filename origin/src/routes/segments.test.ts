import { createLog } from '@mediaflow/platform/log';
import { type Consumer, consume, createProducer } from '@mediaflow/platform/queue';
import { openStore } from '@mediaflow/platform/storage/open-store';
import type { AssetId } from '@mediaflow/shared/ids';
import type { SegmentAnswer } from '@mediaflow/shared/internal';
import {
  type JobDefinition,
  type PublishPayload,
  posterJob,
  publishJob,
  textJob,
  type UrgentPayload,
  urgentJob,
} from '@mediaflow/shared/jobs';
import { type MediaObject, mediaKey } from '@mediaflow/shared/keys';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { writeOutcome } from '../outcome/write.ts';
import { type CuttableProxy, startProxy } from '../testing/cuttable-proxy.ts';
import { emptyRedis } from '../testing/empty-redis.ts';
import { type Probed, probedOutcome, SUBTITLED, storedOutcomes, urgentOutcome } from '../testing/outcomes.ts';
import { type Account, findFreePort, startTestOrigin, type TestOrigin } from '../testing/test-origin.ts';
import { createAsset } from '../testing/upload.ts';

const REDIS_DATABASE = 40;
const log = createLog('test', 'silent');
const redisUrl = `${inject('redisUrl')}/${REDIS_DATABASE}`;
const queue = createProducer(redisUrl, log);
let redis: CuttableProxy;
let origin: TestOrigin;
let account: Account;
let assetId: AssetId;
let probed: Probed;
let worker: Consumer | undefined;

beforeAll(async () => {
  redis = await startProxy(await findFreePort());
  origin = await startTestOrigin({ redisDatabase: REDIS_DATABASE, redisUrl: redis.through });
  account = await origin.createAccount();
});
afterAll(async () => {
  await origin.close();
  await Promise.all([redis.cut(), queue.close()]);
});

/** A film with subtitles that plays, of which nothing is stored. */
beforeEach(async () => {
  assetId = (await createAsset(account)).id;
  probed = probedOutcome(assetId, 1, SUBTITLED);
  await writeOutcome(origin.db, probed, log);
});
afterEach(async () => {
  await worker?.close(0);
  worker = undefined;
  taken = [];
  await emptyRedis(redisUrl);
});

const segment = (number: number, renditionId = 'v720'): MediaObject => ({ kind: 'segment', renditionId, number });
const keyOf = (object: MediaObject): string => mediaKey({ assetId, version: 1, object });

async function ask(object: MediaObject, waitMs: number, signal?: AbortSignal): Promise<SegmentAnswer> {
  const body = JSON.stringify({ key: keyOf(object), wait_ms: waitMs });
  const headers = { 'content-type': 'application/json' };
  const response = await origin.service('/internal/segments', { method: 'POST', body, headers, ...(signal && { signal }) });
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()) as SegmentAnswer;
}

async function question(object: MediaObject): Promise<SegmentAnswer> {
  const response = await origin.service(`/internal/segments/${keyOf(object)}`);
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()) as SegmentAnswer;
}

/** What the worker was given, in order. */
let taken: UrgentPayload[] = [];

/** A worker that makes each segment of five bytes, once `until` lets it. */
function startWorker(until: Promise<unknown> = Promise.resolve()): void {
  worker = consume(urgentJob, {
    redisUrl,
    concurrency: 4,
    log,
    async handle(payload) {
      taken.push(payload);
      await until;
      await makeSegment(payload.assetId, payload.rendition.id, payload.number);
    },
  });
}

async function makeSegment(id: AssetId, renditionId: string, number: number): Promise<void> {
  const store = openStore(origin.config.store);
  await store.put(mediaKey({ assetId: id, version: 1, object: segment(number, renditionId) }), new Uint8Array(5));
  await store.put(mediaKey({ assetId: id, version: 1, object: { kind: 'init', renditionId } }), new Uint8Array(5));
  await writeOutcome(origin.db, urgentOutcome(id, renditionId, number), log);
}

const outboxRows = () => origin.db.selectFrom('outbox').select('job').execute();

const takenNumbers = (isAhead: boolean): readonly number[] =>
  taken
    .filter((payload) => payload.assetId === assetId && payload.rendition.id === 'v720' && payload.isAhead === isAhead)
    .map(({ number }) => number)
    .toSorted((a, b) => a - b);

const isQueued = (number: number): Promise<boolean> => {
  const rendition = probed.renditions.find(({ id }) => id === 'v720');
  if (rendition === undefined) throw new Error('no such rendition');
  return queue.isQueued(urgentJob, { ...probed, sourceKey: '', sizeBytes: 0, rendition, number, isAhead: false });
};

test('a hundred who wait for one segment cost one job, and those that follow are made too', async () => {
  startWorker();
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(segment(1), 15_000)));
  expect(new Set(answers.map(({ state }) => state))).toEqual(new Set(['stored']));
  expect(takenNumbers(false)).toEqual([1]);
  await expect.poll(() => takenNumbers(true)).toEqual([2, 3]);
});

test('segments known as stored are not asked for ahead', async () => {
  await makeSegment(assetId, 'v720', 3);
  startWorker();
  expect(await ask(segment(2), 15_000)).toEqual({ state: 'stored' });
  await expect.poll(() => takenNumbers(true)).toEqual([4]);
});

test('one who leaves takes nothing from the others', async () => {
  const begin = Promise.withResolvers<void>();
  startWorker(begin.promise);
  const leaving = new AbortController();
  const left = ask(segment(1), 15_000, leaving.signal);
  const stayed = ask(segment(1), 15_000);
  await expect.poll(() => takenNumbers(false)).toEqual([1]);
  leaving.abort();
  await expect(left).rejects.toThrow();
  begin.resolve();
  expect(await stayed).toEqual({ state: 'stored' });
});

test('what is not stored in time is pending, and stays in the queue', async () => {
  expect(await ask(segment(1), 50)).toEqual({ state: 'pending', retry_after_seconds: 2 });
  expect(await isQueued(1)).toBe(true);
});

test('what nobody comes back for leaves the queue, with its sound', async () => {
  await ask(segment(1), 0);
  const sound = probed.renditions.find(({ id }) => id === 'a0');
  if (sound === undefined) throw new Error('no sound');
  const isSoundQueued = () =>
    queue.isQueued(urgentJob, { ...probed, sourceKey: '', sizeBytes: 0, rendition: sound, number: 1, isAhead: false });
  await expect.poll(async () => [await isQueued(1), await isSoundQueued()]).toEqual([true, true]);
  await expect.poll(async () => [await isQueued(1), await isSoundQueued()]).toEqual([false, false]);
});

test.each([
  ['a segment', segment(1)],
  ['an init segment', { kind: 'init', renditionId: 'a0' }],
] as const)('%s that a ready asset lost is made again', async (_, object) => {
  await origin.db.updateTable('assets').set({ status: 'ready' }).where('id', '=', assetId).execute();
  startWorker();
  expect(await ask(object, 15_000)).toEqual({ state: 'stored' });
});

test('a segment that lost its bytes is made again', async () => {
  const store = openStore(origin.config.store);
  await store.put(keyOf(segment(1)), new Uint8Array());
  startWorker();
  expect(await ask(segment(1), 15_000)).toEqual({ state: 'stored' });
  expect(await store.head(keyOf(segment(1)))).toMatchObject({ sizeBytes: 5 });
});

const takerOf =
  <Payload>(definition: JobDefinition<Payload>) =>
  (handle: () => Promise<void>): Consumer =>
    consume(definition, { redisUrl, concurrency: 1, log, handle });

test.each<[string, MediaObject, ReturnType<typeof takerOf>]>([
  ['subtitles', segment(0, 't0'), takerOf(textJob)],
  ['the poster', { kind: 'poster' }, takerOf(posterJob)],
  ['a media playlist', { kind: 'playlist', renditionId: 'v720' }, takerOf(publishJob)],
  ['the first manifest', { kind: 'dash', revision: 0 }, takerOf(publishJob)],
])('%s that the store lost is made again by its own job', async (_, object, take) => {
  // What the probe's outcome asked for is forgotten.
  await expect.poll(outboxRows).toEqual([]);
  await emptyRedis(redisUrl);
  let takenCount = 0;
  worker = take(async () => {
    takenCount += 1;
    await openStore(origin.config.store).put(keyOf(object), new Uint8Array(5));
  });
  expect(await ask(object, 15_000)).toEqual({ state: 'stored' });
  expect(takenCount).toBe(1);
});

test('a playlist that lost its end is made again', async () => {
  const store = openStore(origin.config.store);
  const playlist: MediaObject = { kind: 'playlist', renditionId: 'v720' };
  await store.put(keyOf(playlist), new TextEncoder().encode('#EXTM3U\n#EXTINF:4,\n'));
  const whole = new TextEncoder().encode('#EXTM3U\n#EXTINF:4,\n0.m4s\n#EXT-X-ENDLIST\n');
  worker = takerOf(publishJob)(() => store.put(keyOf(playlist), whole));
  expect(await ask(playlist, 15_000)).toEqual({ state: 'stored' });
  expect(await store.head(keyOf(playlist))).toMatchObject({ sizeBytes: whole.length });
  // Whole now, it stays.
  await worker.close(0);
  worker = undefined;
  expect(await ask(playlist, 0)).toEqual({ state: 'stored' });
});

test('a later revision is written as it was asked for', async () => {
  await Promise.all(storedOutcomes(probed).map((outcome) => writeOutcome(origin.db, outcome, log)));
  await writeOutcome(origin.db, { kind: 'extracted', assetId, version: 1, renditionId: 't0', cueCount: 1, warnings: [] }, log);
  await writeOutcome(origin.db, { kind: 'published', assetId, version: 1, revision: 1 }, log);
  await expect.poll(outboxRows).toEqual([]);
  await emptyRedis(redisUrl);
  expect(await ask({ kind: 'multivariant', revision: 1 }, 0)).toMatchObject({ state: 'pending' });
  const payloads: PublishPayload[] = [];
  worker = consume(publishJob, { redisUrl, concurrency: 1, log, handle: async (payload) => void payloads.push(payload) });
  await expect.poll(() => payloads[0]).toMatchObject({ assetId, revision: 1 });
  expect(payloads[0]?.measured.map(({ renditionId }) => renditionId)).toContain('v720');
});

test('what is stored is said at once, and costs nobody work', async () => {
  await makeSegment(assetId, 'v720', 1);
  expect(await ask(segment(1), 0)).toEqual({ state: 'stored' });
  expect(await isQueued(1)).toBe(false);
});

test('what is only asked about is not made', async () => {
  const objects: readonly MediaObject[] = [
    segment(1),
    segment(0, 't0'),
    { kind: 'init', renditionId: 'a0' },
    { kind: 'playlist', renditionId: 'v720' },
    { kind: 'poster' },
  ];
  for (const object of objects) expect(await question(object)).toEqual({ state: 'pending' });
  expect(await isQueued(1)).toBe(false);
});

test.each([
  ['after the end', segment(10_000)],
  ['of a rendition that is not there', segment(0, 'v2160')],
  ['pictures for trick play before they are measured', { kind: 'iframes', renditionId: 'v720' }],
  ['a revision that is still to come', { kind: 'multivariant', revision: 7 }],
] as const)('%s is unknown at once', async (_, object) => {
  expect(await ask(object, 15_000)).toEqual({ state: 'unknown' });
  expect(await question(object)).toEqual({ state: 'unknown' });
});

test('a Redis that loses everything while somebody waits costs a few seconds', async () => {
  const waiting = ask(segment(1), 15_000);
  await expect.poll(() => isQueued(1)).toBe(true);
  await emptyRedis(redisUrl);
  startWorker();
  expect(await waiting).toEqual({ state: 'stored' });
});

test('while Redis is away the answer is 503 at once', async () => {
  await redis.cut();
  try {
    await expect(ask(segment(1), 15_000)).rejects.toThrow('503');
  } finally {
    await redis.mend();
    await expect.poll(async () => (await fetch(`${origin.url}/ready`)).status).toBe(200);
  }
});
