import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createLog } from '@mediaflow/platform/log';
import { createFolderStore } from '@mediaflow/platform/storage/folder-store';
import { AppError } from '@mediaflow/shared/errors';
import type { AssetId } from '@mediaflow/shared/ids';
import { findIntact } from '@mediaflow/shared/intact-object';
import { type EncodePayload, type OutcomePayload, outcomePayloadSchema, type UrgentPayload } from '@mediaflow/shared/jobs';
import { type MediaLocation, mediaKey } from '@mediaflow/shared/keys';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HandlerContext } from '../handler.ts';
import { createStaging } from '../source/staging.ts';
import { counterInput, createClipFolder, ffmpeg, H264, toneInput } from '../testing/clips.ts';
import { type PlannedAsset, planAsset } from '../testing/encode-asset.ts';
import { openWorkspace } from '../workspace.ts';
import { createAheadGate } from './ahead-gate.ts';
import { handleEncode } from './handler.ts';
import { createUrgentHandler } from './urgent-handler.ts';

const handleUrgent = createUrgentHandler(createAheadGate({ places: 1 }), {
  follow: () => ({ unwanted: new AbortController().signal, end: () => undefined }),
});

const assetId = '0123456789abcdef0123456789abcdef' as AssetId;
const sourceKey = 'sources/0123456789abcdef0123456789abcdef/1';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
let asset: PlannedAsset;
let sizeBytes: number;
let runs = 0;
let store: ObjectStore;
/** Keys in the order in which they were put. */
let puts: string[];
let outcomes: OutcomePayload[];
let context: HandlerContext;

beforeAll(async () => {
  clips = await createClipFolder();
  const path = join(clips.path, 'source.mp4');
  await ffmpeg(...counterInput('25', 7), ...toneInput(7), ...H264, '-c:a', 'aac', path);
  asset = await planAsset(path);
  ({ size: sizeBytes } = await stat(path));
});
afterAll(() => clips.remove());

beforeEach(async () => {
  runs += 1;
  const folder = createFolderStore(join(clips.path, `store-${runs}`));
  puts = [];
  outcomes = [];
  store = {
    ...folder,
    put: (key, body, options) => {
      puts.push(key);
      return folder.put(key, body, options);
    },
  };
  await folder.put(sourceKey, Readable.toWeb(createReadStream(asset.path)) as ReadableStream<Uint8Array>);
  context = {
    signal: new AbortController().signal,
    attempt: 1,
    log: createLog('test', 'silent'),
    store,
    staging: createStaging({
      store,
      directory: join(clips.path, `staging-${runs}`),
      freeBytes: () => Promise.resolve(Number.POSITIVE_INFINITY),
      minFreeBytes: 0,
      idleMs: 0,
    }),
    workspace: await openWorkspace(join(clips.path, `work-${runs}`), process.pid),
    confirmLease: () => Promise.resolve(),
    report: (outcome) => {
      outcomes.push(outcomePayloadSchema.parse(outcome));
      return Promise.resolve();
    },
  };
});

const common = () => ({ assetId, version: 1, sourceKey, sizeBytes, source: asset.source, timeline: asset.timeline });
function unitPayload(kind: 'video' | 'audio'): EncodePayload {
  const renditions = asset.renditions.filter((rendition) => rendition.kind === kind);
  const unit = asset.units.find(({ renditionIds }) => renditionIds[0] === renditions[0]?.id);
  if (unit === undefined) throw new Error(`no ${kind} unit`);
  return { ...common(), renditions, unit, fence: 3 };
}
function urgentPayload(renditionId: string, number: number): UrgentPayload {
  const rendition = asset.renditions.find(({ id }) => id === renditionId);
  if (rendition === undefined) throw new Error(`no rendition ${renditionId}`);
  return { ...common(), rendition, number, isAhead: false };
}
const locationOf = (renditionId: string, number?: number): MediaLocation => ({
  assetId,
  version: 1,
  object: number === undefined ? { kind: 'init', renditionId } : { kind: 'segment', renditionId, number },
});
const objectKey = (renditionId: string, number?: number): string => mediaKey(locationOf(renditionId, number));
const sizeOf = async (key: string): Promise<number | undefined> => (await store.head(key))?.sizeBytes;

describe('a background unit', () => {
  test('is stored from the lowest rung up, init segments first, and reported with the sizes', async () => {
    await handleEncode(unitPayload('video'), context);
    expect(puts.map((key) => key.split('/').slice(3).join('/'))).toEqual([
      ...['v120/init.mp4', 'v120/0.m4s', 'v120/1.m4s'],
      ...['v180/init.mp4', 'v180/0.m4s', 'v180/1.m4s'],
    ]);
    const sizes = async (id: string) => [await sizeOf(objectKey(id, 0)), await sizeOf(objectKey(id, 1))];
    expect(outcomes).toEqual([
      {
        kind: 'stored',
        assetId,
        version: 1,
        unit: { id: 'v180.2.0-1', fence: 3 },
        pictures: { total: 150, damaged: 0 },
        segments: [
          {
            renditionId: 'v120',
            firstSegment: 0,
            sizesBytes: await sizes('v120'),
            keyframeBytes: [expect.any(Number), expect.any(Number)],
          },
          {
            renditionId: 'v180',
            firstSegment: 0,
            sizesBytes: await sizes('v180'),
            keyframeBytes: [expect.any(Number), expect.any(Number)],
          },
        ],
      },
    ]);
  });

  test('that is stored already is reported without the source, and with the same sizes', async () => {
    await handleEncode(unitPayload('video'), context);
    await store.delete(sourceKey);
    puts.length = 0;
    const confirmLease = () => Promise.reject(new Error('nothing is published'));
    await handleEncode(unitPayload('video'), { ...context, confirmLease });
    expect(puts).toEqual([]);
    const [first, again] = outcomes;
    const byId = (outcome: OutcomePayload | undefined) =>
      outcome?.kind === 'stored' ? outcome.segments.toSorted((a, b) => a.renditionId.localeCompare(b.renditionId)) : undefined;
    expect(byId(again)).toEqual(byId(first));
    expect(again).not.toHaveProperty('pictures');
  });

  test('leaves out what a viewer already asked for', async () => {
    await handleUrgent(urgentPayload('v120', 1), context);
    const before = await store.head(objectKey('v120', 1));
    puts.length = 0;
    await handleEncode(unitPayload('video'), context);
    expect(puts).not.toContain(objectKey('v120', 1));
    expect(puts).toContain(objectKey('v120', 0));
    expect(await store.head(objectKey('v120', 1))).toEqual(before);
    expect(outcomes[1]).toMatchObject({
      segments: expect.arrayContaining([expect.objectContaining({ renditionId: 'v120', firstSegment: 0 })]),
    });
  });

  test('makes single segments again that were taken out of the store, to the byte', async () => {
    await handleEncode(unitPayload('video'), context);
    const key = objectKey('v180', 1);
    const bytes = async () => new Uint8Array(await new Response((await store.get(key))?.body).arrayBuffer());
    const before = await bytes();
    await store.delete(key);
    puts.length = 0;
    await handleUrgent(urgentPayload('v180', 1), context);
    expect(puts).toEqual([objectKey('v180'), key]);
    expect(await bytes()).toEqual(before);
  });

  test.each(['video', 'audio'] as const)('makes again what lost its bytes, in part or all of them: %s', async (kind) => {
    const payload = unitPayload(kind);
    await handleEncode(payload, context);
    const [id = ''] = payload.unit.renditionIds;
    const read = async (key: string) => new Uint8Array(await new Response((await store.get(key))?.body).arrayBuffer());
    const locations = [locationOf(id), locationOf(id, 0), locationOf(id, 1)];
    const keys = locations.map(mediaKey);
    const before = await Promise.all(keys.map(read));
    for (const [order, key] of keys.entries()) {
      for (const length of [0, Math.floor((before[order]?.length ?? 0) / 2)]) {
        await store.put(key, before[order]?.subarray(0, length) ?? new Uint8Array());
        await handleEncode(payload, context);
        for (const each of locations)
          expect(await findIntact(store, each), `${mediaKey(each)} after ${key} had ${length} bytes`).toBeDefined();
      }
    }
    // Sound is the same up to inaudible noise.
    if (kind === 'video') expect(await Promise.all(keys.map(read))).toEqual(before);
  });

  test('of sound is stored like any other', async () => {
    await handleEncode(unitPayload('audio'), context);
    expect(puts[0]).toBe(objectKey('a0'));
    expect(outcomes[0]).toMatchObject({
      segments: [{ renditionId: 'a0', firstSegment: 0, sizesBytes: Array(3).fill(expect.any(Number)) }],
    });
    expect(outcomes[0]).not.toHaveProperty('pictures');
  });

  test('publishes nothing once its worker lost it', async () => {
    const lost = new AppError('worker_lost', 'The job was given to another worker.');
    await expect(handleEncode(unitPayload('video'), { ...context, confirmLease: () => Promise.reject(lost) })).rejects.toBe(lost);
    expect(puts).toEqual([]);
    expect(outcomes).toEqual([]);
  });

  test('ends with its signal, and leaves no scratch behind', async () => {
    const abort = new AbortController();
    const running = handleEncode(unitPayload('video'), { ...context, signal: abort.signal });
    abort.abort(new Error('stop'));
    await expect(running).rejects.toThrow('stop');
    expect(puts).toEqual([]);
    expect(await readdir(context.workspace.directory)).toEqual([]);
  });
});

describe('an urgent segment', () => {
  test('is one segment of one rendition', async () => {
    await handleUrgent(urgentPayload('v120', 1), context);
    expect(puts).toEqual([objectKey('v120'), objectKey('v120', 1)]);
    expect(outcomes).toEqual([
      {
        kind: 'stored',
        assetId,
        version: 1,
        pictures: { total: 100, damaged: 0 },
        segments: [
          { renditionId: 'v120', firstSegment: 1, sizesBytes: [await sizeOf(objectKey('v120', 1))], keyframeBytes: [expect.any(Number)] },
        ],
      },
    ]);
  });

  test('brings back an init segment that is gone', async () => {
    await handleUrgent(urgentPayload('a0', 0), context);
    await store.delete(objectKey('a0'));
    await handleUrgent(urgentPayload('a0', 0), context);
    expect(await sizeOf(objectKey('a0'))).toBeGreaterThan(0);
  });

  test('asked for twice at once is stored once', async () => {
    await Promise.all([handleUrgent(urgentPayload('v180', 0), context), handleUrgent(urgentPayload('v180', 0), context)]);
    expect(outcomes[0]).toEqual(outcomes[1]);
    expect(await sizeOf(objectKey('v180', 0))).toBeGreaterThan(0);
  });
});
