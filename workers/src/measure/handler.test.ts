import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MeasurePayload, OutcomePayload } from '@mediaflow/shared/jobs';
import { mediaKey } from '@mediaflow/shared/keys';
import { planRenditions } from '@mediaflow/shared/ladder';
import { fixTimeline } from '@mediaflow/shared/timeline';
import { planUnits } from '@mediaflow/shared/units';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storeEncoded } from '../encode/store-encoded.ts';
import { probeFile } from '../probe/probe-file.ts';
import { createClipFolder, ffmpeg, H264 } from '../testing/clips.ts';
import { encodeUnit } from '../testing/encode-asset.ts';
import { createHandlerContext } from '../testing/handler-context.ts';
import { handleMeasure } from './handler.ts';

const assetId = '0123456789abcdef0123456789abcdef' as MeasurePayload['assetId'];
const LADDER = [
  { shortSide: 180, crf: 20, maxBitrateBps: 2_000_000 },
  { shortSide: 80, crf: 36, maxBitrateBps: 500_000 },
];

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

/** An asset of 9 s with every video segment stored, in a folder whose name would break a filter graph if it could. */
async function storeAsset(name: string) {
  const directory = join(clips.path, name);
  const { context, outcomes } = await createHandlerContext(directory);
  const path = join(clips.path, 'detailed.mp4');
  await ffmpeg('-f', 'lavfi', '-i', 'mandelbrot=s=320x180:r=25', '-t', '9', ...H264, path);
  const source = await probeFile(path, context.signal);
  const timeline = fixTimeline(source);
  const renditions = planRenditions(source, timeline, { ladder: LADDER, secondCodec: 'av1' });
  const sourceKey = 'sources/fedcba98765432100123456789abcdef/1';
  await context.store.put(sourceKey, await readFile(path));
  const asset = { path, source, timeline, renditions, units: planUnits(timeline, renditions) };
  await mkdir(join(directory, 'scratch'), { recursive: true });
  for (const unit of asset.units) {
    const encoded = await encodeUnit(asset, unit, join(directory, 'scratch'));
    await storeEncoded(context.store, { assetId, version: 1 }, encoded.renditions, context.signal);
  }
  const payload: MeasurePayload = {
    ...{ assetId, version: 1, sourceKey, sizeBytes: source.sizeBytes, source, timeline },
    renditions: [...renditions],
  };
  return { context, outcomes, payload };
}

const rungsOf = (outcome: OutcomePayload | undefined) => (outcome?.kind === 'measured' ? outcome.rungs : undefined);

describe('handleMeasure', () => {
  test('finds the finer rung closer to the source than the coarser, and says how much was compared', async () => {
    const { context, outcomes, payload } = await storeAsset("it's, [a]; fold:er\\");
    await handleMeasure(payload, context);
    const rungs = rungsOf(outcomes[0]) ?? [];
    expect(rungs.map(({ renditionId, sampledSegments }) => [renditionId, sampledSegments])).toEqual([
      ['v180', 3],
      ['v80', 3],
      ['v180-av1', 3],
    ]);
    const [fine, coarse, second] = rungs.map(({ ssim }) => ssim);
    // A picture against another one of the same film is below 0.8 here: these are the right pictures.
    expect(fine).toBeGreaterThan(0.95);
    expect(second).toBeGreaterThan(0.93);
    expect(coarse).toBeLessThan((fine ?? 0) - 0.02);
  });

  test('leaves out what is not stored any more', async () => {
    const { context, outcomes, payload } = await storeAsset('gaps');
    const segment = (renditionId: string, number: number) =>
      context.store.delete(mediaKey({ assetId, version: 1, object: { kind: 'segment', renditionId, number } }));
    await segment('v180', 1);
    await context.store.delete(mediaKey({ assetId, version: 1, object: { kind: 'init', renditionId: 'v180-av1' } }));
    await handleMeasure(payload, context);
    expect(rungsOf(outcomes[0])?.map(({ renditionId, sampledSegments }) => [renditionId, sampledSegments])).toEqual([
      ['v180', 2],
      ['v80', 3],
    ]);
  });

  test('ends when it is told to, without an outcome', async () => {
    const { context, outcomes, payload } = await storeAsset('aborted');
    const reason = new Error('stop');
    await expect(handleMeasure(payload, { ...context, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(outcomes).toEqual([]);
  });
});
