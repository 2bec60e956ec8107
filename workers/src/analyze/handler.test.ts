import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnalyzePayload } from '@mediaflow/shared/jobs';
import { outcomePayloadSchema } from '@mediaflow/shared/jobs';
import { planRenditions } from '@mediaflow/shared/ladder';
import { fixTimeline } from '@mediaflow/shared/timeline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeFile } from '../probe/probe-file.ts';
import { createClipFolder, ffmpeg, H264, toneInput } from '../testing/clips.ts';
import { createHandlerContext } from '../testing/handler-context.ts';
import { handleAnalyze } from './handler.ts';

const assetId = '0123456789abcdef0123456789abcdef' as AnalyzePayload['assetId'];

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

async function prepare(name: string, size: string) {
  const { context, outcomes } = await createHandlerContext(join(clips.path, name));
  const path = join(clips.path, `${name}.mp4`);
  await ffmpeg('-f', 'lavfi', '-i', `mandelbrot=s=${size}:r=12`, ...toneInput(1), '-t', '1', ...H264, '-c:a', 'aac', path);
  const source = await probeFile(path, context.signal);
  const timeline = fixTimeline(source);
  const sourceKey = 'sources/fedcba98765432100123456789abcdef/1';
  await context.store.put(sourceKey, await readFile(path));
  const renditions = [...planRenditions(source, timeline, { quality: 'premium' })];
  const payload: AnalyzePayload = {
    ...{ assetId, version: 1, sourceKey, sizeBytes: source.sizeBytes, source, timeline, renditions },
    secondCodec: 'hevc',
  };
  const analyze = async () => {
    await handleAnalyze(payload, context);
    const outcome = outcomePayloadSchema.parse(outcomes.at(-1));
    if (outcome.kind !== 'analyzed') throw new Error(outcome.kind);
    return outcome;
  };
  return { payload, analyze };
}

describe('handleAnalyze', () => {
  test('chooses the rest of the ladder, the same each time, and leaves the opening as it is', async () => {
    const { payload, analyze } = await prepare('film', '480x360');
    const outcome = await analyze();
    const ids = outcome.renditions.map(({ id }) => id);
    expect(ids.at(0)).toBe('v360');
    expect(ids.filter((id) => id.endsWith('-hevc'))).toContain('v360-hevc');
    for (const planned of payload.renditions) expect(outcome.renditions).toContainEqual(planned);
    const top = outcome.renditions[0];
    expect(top).toMatchObject({ codec: 'h264', preset: 'medium' });
    const saving = outcome.savings.find(({ renditionId }) => renditionId === 'v360');
    expect(saving?.premiumBitrateBps).toBeLessThan(saving?.plusBitrateBps ?? 0);
    // New renditions are to be made, the opening's units exist already.
    const made = new Set(outcome.units.flatMap(({ renditionIds }) => renditionIds));
    expect([...made].toSorted()).toEqual(ids.filter((id) => id !== 'v240' && id !== 'a0').toSorted());
    expect(await analyze()).toEqual(outcome);
  });

  test('has nothing to choose for a source of one size', async () => {
    const { payload, analyze } = await prepare('small', '320x180');
    const outcome = await analyze();
    expect(outcome.savings).toEqual([]);
    expect(outcome.renditions.filter(({ id }) => !id.endsWith('-hevc'))).toEqual(payload.renditions);
    expect(outcome.units.flatMap(({ renditionIds }) => renditionIds)).toEqual(['v180-hevc']);
  });
});
