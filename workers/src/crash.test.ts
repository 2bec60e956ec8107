import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLog } from '@mediaflow/platform/log';
import { type Consumer, consume, createProducer, type Producer } from '@mediaflow/platform/queue';
import { type PrivateRedis, startPrivateRedis } from '@mediaflow/platform/testing/private-redis';
import { newAssetId } from '@mediaflow/shared/ids';
import { encodeJob, type OutcomePayload, outcomeJob, type ProbePayload, probeJob, purgeJob, urgentJob } from '@mediaflow/shared/jobs';
import { mediaPrefix } from '@mediaflow/shared/keys';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { counterInput, createClipFolder, ffmpeg, H264 } from './testing/clips.ts';
import { startWorkerProcess, type WorkerProcess } from './testing/worker-process.ts';

/**
 * Workers as processes, killed, frozen and cut off in the middle of a unit. What comes out is compared to what an undisturbed
 * worker makes of the same film, byte by byte.
 */
const log = createLog('crash-test', 'silent');
type Outcome<Kind> = Extract<OutcomePayload, { kind: Kind }>;
interface Film extends ProbePayload {
  readonly probed: Outcome<'probed'>;
}

/** A lost lease alone takes 16 s to be noticed, and the encoders of other tests run beside. */
const PATIENCE_MS = 200_000;
vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

let clips: Awaited<ReturnType<typeof createClipFolder>>;
let film: Uint8Array;
beforeAll(async () => {
  clips = await createClipFolder();
  const path = join(clips.path, 'film.mp4');
  // Large enough that a unit is found running, noisy enough that its bytes would tell a difference.
  await ffmpeg(...counterInput('25', 9, '640x360'), '-vf', 'noise=alls=20:allf=t', ...H264, path);
  film = await readFile(path);
});
afterAll(() => clips.remove());

let redis: PrivateRedis;
let producer: Producer;
let origin: Consumer;
let outcomes: OutcomePayload[];
let workers: WorkerProcess[];
let store: string;
let workDir: string;
beforeEach(async () => {
  const folder = join(clips.path, randomBytes(4).toString('hex'));
  store = join(folder, 'store');
  workDir = join(folder, 'work');
  redis = await startPrivateRedis();
  producer = createProducer(redis.url, log);
  outcomes = [];
  workers = [];
  origin = consume(outcomeJob, { redisUrl: redis.url, concurrency: 1, log, handle: async (outcome) => void outcomes.push(outcome) });
  await until('Redis', () => producer.ping().then(() => true));
});
afterEach(async () => {
  for (const worker of workers) worker.signal('SIGKILL');
  await Promise.all([...workers.map(({ ended }) => ended), producer.close(), origin.close(0)]);
  await redis.close();
});

async function until<T>(what: string, probe: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const value = await Promise.resolve(probe()).catch(() => undefined);
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`gave up waiting for ${what}\n${workers.map((worker) => worker.output()).join('\n')}`);
}

async function startWorker(env: Readonly<Record<string, string>> = {}): Promise<WorkerProcess> {
  const worker = await startWorkerProcess({ REDIS_URL: redis.url, STORE_DIR: store, WORK_DIR: workDir, CONCURRENCY: '1', ...env });
  workers.push(worker);
  return worker;
}

async function stop(worker: WorkerProcess): Promise<void> {
  worker.signal('SIGTERM');
  expect(await worker.ended).toEqual([0, null]);
}

function find<Kind extends OutcomePayload['kind']>(kind: Kind, assetId: string): readonly Outcome<Kind>[] {
  return outcomes.filter((outcome): outcome is Outcome<Kind> => outcome.kind === kind && outcome.assetId === assetId);
}

/** A film that some worker has probed. */
async function ingest(): Promise<Film> {
  const assetId = newAssetId();
  const asset = { assetId, version: 1, sourceKey: `sources/${assetId}/1`, sizeBytes: film.byteLength, quality: 'plus' as const };
  await mkdir(join(store, `sources/${assetId}`), { recursive: true });
  await writeFile(join(store, asset.sourceKey), film);
  await producer.enqueue(probeJob, asset);
  const probed = await until('the probe', () => find('probed', assetId)[0]);
  return { ...asset, probed };
}

/** Hands out a background unit, as the origin would. */
function handOut({ probed, ...asset }: Film, index = 0, fence = 1): Promise<void> {
  const unit = probed.units[index];
  if (unit === undefined) throw new Error(`no unit ${index}`);
  const renditions = probed.renditions.filter(({ id }) => unit.renditionIds.includes(id));
  return producer.enqueue(encodeJob, { ...asset, source: probed.source, timeline: probed.timeline, renditions, unit, fence });
}

const isStored = ({ assetId }: Film, count = 1) => until('a unit', () => find('stored', assetId).length >= count);
const encodes = (worker: WorkerProcess): Promise<number> => until('ffmpeg to run', () => worker.findFfmpeg());
const isGone = (pid: number) =>
  until('ffmpeg to end', () =>
    readFile(`/proc/${pid}/stat`, 'utf8').then(
      (stat) => stat.includes(') Z '),
      () => true,
    ),
  );

/** Every media segment of an asset with its bytes. */
async function readSegments({ assetId }: Film): Promise<ReadonlyMap<string, string>> {
  const folder = join(store, mediaPrefix(assetId, 1));
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(?:m4s|mp4)$/.test(name)).toSorted();
  return new Map(await Promise.all(names.map(async (name) => [name, (await readFile(join(folder, name))).toString('base64')] as const)));
}

/** What the first unit of the film is when nothing happens, made by `worker`. */
async function makeUndisturbed(): Promise<ReadonlyMap<string, string>> {
  const calm = await ingest();
  await handOut(calm);
  await isStored(calm);
  return readSegments(calm);
}

test('a worker killed in the middle of a unit costs that unit’s time: another makes the same bytes, and nothing is left', async () => {
  const first = await startWorker();
  const asset = await ingest();
  await handOut(asset);
  const pid = await encodes(first);
  first.signal('SIGKILL');
  await first.ended;
  await isGone(pid);
  expect((await readSegments(asset)).size).toBe(0);

  const second = await startWorker();
  await isStored(asset);
  expect(await readSegments(asset)).toEqual(await makeUndisturbed());
  expect(find('failed', asset.assetId)).toEqual([]);
  await stop(second);
  expect(await readdir(workDir)).toEqual([]);
});

test('a worker that freezes past its lease loses a viewer’s segment to another, and publishes nothing when it thaws', async () => {
  const frozen = await startWorker();
  const asset = await ingest();
  const rendition = asset.probed.renditions.find(({ kind }) => kind === 'video');
  if (rendition === undefined) throw new Error('no video');
  const { probed, ...ref } = asset;
  const segment = { ...ref, source: probed.source, timeline: probed.timeline, rendition, number: 0, isAhead: false };
  await producer.enqueue(urgentJob, segment);
  const pid = await encodes(frozen);
  frozen.signal('SIGSTOP');
  const other = await startWorker();
  await isStored(asset);
  const stored = await readSegments(asset);
  expect([...stored.keys()]).toEqual([`${rendition.id}/0.m4s`, `${rendition.id}/init.mp4`]);
  await stop(other);

  // Its ffmpeg has long written everything; with the objects gone, whatever it put would be seen.
  await isGone(pid);
  await rm(join(store, mediaPrefix(asset.assetId, 1), rendition.id), { recursive: true });
  frozen.signal('SIGCONT');
  await until('it to be told', () => /Missing (?:lock|key) for job/.test(frozen.output()));
  expect((await readSegments(asset)).size).toBe(0);
  expect(find('stored', asset.assetId)).toHaveLength(1);
  expect(find('failed', asset.assetId)).toEqual([]);

  // It works on, and makes the same bytes as the one that replaced it.
  await producer.enqueue(urgentJob, segment);
  await isStored(asset, 2);
  expect(await readSegments(asset)).toEqual(stored);
  await stop(frozen);
  expect(await readdir(workDir)).toEqual([]);
});

test('Redis emptied in the middle of a unit: the unit is not published under a lost lease, and is made when it is handed out anew', async () => {
  const worker = await startWorker();
  const asset = await ingest();
  await handOut(asset);
  await encodes(worker);
  await redis.command('FLUSHALL');
  await until('it to be told', () => /Missing (?:lock|key) for job|could not renew lock/.test(worker.output()));
  // What the reconciler does: the same unit under a new fence.
  await handOut(asset, 0, 2);
  await isStored(asset);
  expect(find('stored', asset.assetId)).toMatchObject([{ unit: { fence: 2 } }]);
  expect(await readSegments(asset)).toEqual(await makeUndisturbed());
  expect(find('failed', asset.assetId)).toEqual([]);
  await stop(worker);
});

test('Redis killed in the middle of a unit and started again: the unit is made once or twice, never wrong', async () => {
  const worker = await startWorker();
  const asset = await ingest();
  await handOut(asset);
  await encodes(worker);
  await redis.kill();
  await until('the outage to be noticed', () => worker.output().includes('ECONNREFUSED'));
  await redis.start();
  await isStored(asset);
  expect(await readSegments(asset)).toEqual(await makeUndisturbed());
  expect(find('failed', asset.assetId)).toEqual([]);
  await stop(worker);
});

test('SIGTERM hands a unit back that cannot be finished in time, exits with 0, and counts no attempt', async () => {
  const worker = await startWorker({ SHUTDOWN_GRACE_SECONDS: '1' });
  const asset = await ingest();
  await handOut(asset);
  const pid = await encodes(worker);
  await stop(worker);
  await isGone(pid);
  expect(await readdir(workDir)).toEqual([]);
  expect(await producer.countJobs(encodeJob)).toEqual({ waiting: 1, delayed: 0, active: 0 });
  const attempts = await redis.command('HGET', `bull:${encodeJob.name}:${asset.assetId}_1_${asset.probed.units[0]?.id}_1`, 'atm');
  expect(Number(attempts ?? 0)).toBe(0);
  await startWorker();
  await isStored(asset);
  expect(find('failed', asset.assetId)).toEqual([]);
});

test('SIGTERM while Redis is away ends within the grace', async () => {
  const worker = await startWorker({ SHUTDOWN_GRACE_SECONDS: '6' });
  const asset = await ingest();
  await handOut(asset);
  await encodes(worker);
  await redis.kill();
  await stop(worker);
  expect(await readdir(workDir)).toEqual([]);
});

test('a unit that takes its worker down every time is given up, and what stands behind it is made', async () => {
  let worker = await startWorker();
  const [poison, good] = [await ingest(), await ingest()];
  await handOut(poison);
  // Six lost workers are more than any number of deploys explains (maxStalledCount).
  for (let loss = 0; loss < 6; loss += 1) {
    await encodes(worker);
    worker.signal('SIGKILL');
    await worker.ended;
    worker = await startWorker();
  }
  const failed = await until('it to be given up', () => find('failed', poison.assetId)[0]);
  expect(failed).toMatchObject({
    job: 'encode',
    unitId: poison.probed.units[0]?.id,
    fence: 1,
    attempts: 6,
    error: { code: 'worker_lost' },
  });
  await handOut(good);
  await isStored(good);
  expect(find('failed', good.assetId)).toEqual([]);
  await stop(worker);
  expect(await readdir(workDir)).toEqual([]);
}, 600_000);

test('workers of different sizes share one film', async () => {
  await startWorker({ CONCURRENCY: '1' });
  await startWorker({ CONCURRENCY: '3' });
  const asset = await ingest();
  for (const index of asset.probed.units.keys()) await handOut(asset, index);
  await isStored(asset, asset.probed.units.length);
  const reported = find('stored', asset.assetId).map(({ unit }) => unit?.id);
  expect(reported.toSorted()).toEqual(asset.probed.units.map(({ id }) => id).toSorted());
  const segments = asset.probed.renditions.filter(({ kind }) => kind !== 'text').length * asset.probed.timeline.segmentCount;
  expect([...(await readSegments(asset)).keys()].filter((name) => name.endsWith('.m4s'))).toHaveLength(segments);
});

test('a worker without room takes no job and says so; it goes on by itself when there is room', async () => {
  // A file system in memory that any user may write to, so that nothing need be mounted for this.
  const shm = join('/dev/shm', `mediaflow-crash-${randomBytes(4).toString('hex')}`);
  await mkdir(shm);
  const filler = join(shm, 'filler');
  try {
    const { bavail, bsize } = await statfs(shm);
    const sizeBytes = Math.min(48e6, Math.floor((bavail * bsize) / 2));
    await writeFile(filler, Buffer.alloc(sizeBytes));
    const least = Math.floor(bavail * bsize - sizeBytes / 2);
    const worker = await startWorker({ WORK_DIR: join(shm, 'work'), MIN_FREE_SCRATCH_BYTES: String(least) });
    const probing = ingest();
    await until('it to rest', () => worker.output().includes('no work taken'));
    const ready = await fetch(`http://127.0.0.1:${worker.port}/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ redis: 'ok', scratch: expect.stringMatching(/MB left and needs/) });
    expect((await fetch(`http://127.0.0.1:${worker.port}/health`)).status).toBe(200);
    expect(await producer.countJobs(probeJob)).toEqual({ waiting: 1, delayed: 0, active: 0 });
    // What needs no scratch is done.
    const gone = newAssetId();
    await mkdir(join(store, mediaPrefix(gone)), { recursive: true });
    await copyFile(join(clips.path, 'film.mp4'), join(store, mediaPrefix(gone), 'object'));
    await producer.enqueue(purgeJob, { assetId: gone, prefixes: [mediaPrefix(gone)] });
    await until('the purge', async () => (await readdir(join(store, mediaPrefix(gone))).catch(() => [])).length === 0);

    await rm(filler);
    const asset = await probing;
    await handOut(asset);
    await isStored(asset);
    expect(find('failed', asset.assetId)).toEqual([]);
    await stop(worker);
    expect(await readdir(join(shm, 'work'))).toEqual([]);
  } finally {
    await rm(shm, { recursive: true, force: true });
  }
});
