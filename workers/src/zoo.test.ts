import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { toNumber } from '@mediaflow/shared/rational';
import type { VideoRendition } from '@mediaflow/shared/rendition';
import { AAC_FRAME_SAMPLES, AUDIO_SAMPLE_RATE_HZ, segmentFrames, timelineDurationMs } from '@mediaflow/shared/timeline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClipFolder, ffmpeg, readPackets, readSamples } from './testing/clips.ts';
import { encodeAsset, type PlannedAsset, planAsset } from './testing/encode-asset.ts';
import { inspectVideo, readLuma, readProgressivePart } from './testing/inspect-rendition.ts';
import { CONTAINER_CASES } from './testing/zoo/containers.ts';
import { DAMAGES } from './testing/zoo/damages.ts';
import { PICTURES } from './testing/zoo/pictures.ts';
import { RECORDERS } from './testing/zoo/recorders.ts';
import { lures, REFUSALS } from './testing/zoo/refusals.ts';
import { SOUNDS } from './testing/zoo/sounds.ts';
import { isRefused, picture, type Ready, type ZooCase } from './testing/zoo/zoo-case.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

describe.each([
  ['pictures', PICTURES],
  ['containers and codecs', CONTAINER_CASES],
  ['recorders', RECORDERS],
  ['sounds', SOUNDS],
  ['damages, subtitles and names', DAMAGES],
  ['refusals', REFUSALS],
])('%s', (_, cases) => {
  test.each(cases)('$name', check);
});

describe('what would lead ffmpeg elsewhere', () => {
  let hits = 0;
  const server = createServer((_, response) => {
    hits += 1;
    response.end();
  });
  let cases: readonly ZooCase[] = [];
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const other = join(clips.path, 'other.mp4');
    await ffmpeg(...picture(), '-c:v', 'mpeg4', other);
    cases = lures(other, `http://127.0.0.1:${port}`);
  });
  afterAll(() => server.close());

  test('is refused, and nobody is asked', async () => {
    expect(cases.length).toBeGreaterThan(5);
    for (const zooCase of cases) await check(zooCase);
    expect(hits).toBe(0);
  });
});

/** From the file to its renditions, as a worker makes them. */
async function check({ file = 'film.mp4', make, verdict }: ZooCase): Promise<void> {
  const folder = await mkdtemp(join(clips.path, 'case-'));
  try {
    const path = join(folder, file);
    await make(path);
    if (isRefused(verdict)) {
      await expect(planAsset(path)).rejects.toMatchObject({
        code: verdict.code,
        message: expect.stringMatching(verdict.message),
        isRetryable: false,
      });
      return;
    }
    const asset = await planAsset(path);
    expectPlan(asset, verdict);
    const files = await encodeAsset(asset, join(folder, 'scratch'));
    for (const rendition of asset.renditions) {
      if (rendition.kind === 'video') await expectVideo(asset, rendition, files.get(rendition.id) ?? '', verdict);
      if (rendition.kind === 'audio') await expectAudio(asset, files.get(rendition.id) ?? '', verdict);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

function expectPlan({ source, timeline }: PlannedAsset, verdict: Ready): void {
  const { size, seconds, rate, audioTracks = 1, textTracks = 0, warnings = [] } = verdict;
  expect(source.video && [source.video.width, source.video.height]).toEqual(size);
  expect(source.audio).toHaveLength(audioTracks);
  expect(source.text).toHaveLength(textTracks);
  expect(source.warnings.map(({ type }) => type)).toEqual(warnings);
  if (rate !== undefined) expect(toNumber(timeline.frameRate)).toBeCloseTo(rate, 3);
  const toleranceMs = Math.max(100, 1000 / toNumber(timeline.frameRate));
  expect(Math.abs(timelineDurationMs(timeline) - seconds * 1000)).toBeLessThanOrEqual(toleranceMs);
}

async function expectVideo({ source, timeline }: PlannedAsset, rendition: VideoRendition, path: string, verdict: Ready): Promise<void> {
  const { width, height } = rendition;
  const aspect = source.video === undefined ? 0 : source.video.width / source.video.height;
  expect([width % 2, height % 2]).toEqual([0, 0]);
  // Rounding to even sizes moves a side by one pixel at most; a black bar would move it further.
  expect(Math.abs(width - height * aspect)).toBeLessThanOrEqual(Math.max(1, aspect) * 2);
  expect(await inspectVideo(path)).toEqual({
    width,
    height,
    pixelFormat: 'yuv420p',
    aspect: '1:1',
    rate: toNumber(timeline.frameRate),
    frameCount: timeline.frameCount,
    hasRotation: false,
  });
  const keys = (await readPackets(path)).map(({ isKey }, frame) => (isKey ? frame : -1)).filter((frame) => frame >= 0);
  expect(keys).toEqual(Array.from({ length: timeline.segmentCount }, (_, number) => segmentFrames(timeline, number).first));
  if (verdict.quadrants !== undefined) expectClose(await readLuma(path, 2, 2), verdict.quadrants, 16);
  if (verdict.meanLuma !== undefined) expectClose(await readLuma(path, 1, 1), [verdict.meanLuma], 0.15 * verdict.meanLuma);
  if (verdict.isMoving) expect(await readProgressivePart(path)).toBeGreaterThan(0.9);
}

async function expectAudio({ timeline }: PlannedAsset, path: string, { sound = [] }: Ready): Promise<void> {
  const samples = await readSamples(path);
  expect(Math.abs(samples.length - (timeline.audioSampleCount ?? 0))).toBeLessThanOrEqual(AAC_FRAME_SAMPLES);
  for (const { from, to, isHeard } of sound) {
    const span = samples.subarray(from * AUDIO_SAMPLE_RATE_HZ, to * AUDIO_SAMPLE_RATE_HZ);
    const loudness = Math.sqrt(span.reduce((sum, sample) => sum + sample ** 2, 0) / span.length);
    if (isHeard) expect(loudness).toBeGreaterThan(0.01);
    else expect(loudness).toBeLessThan(0.001);
  }
}

function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  for (const [index, value] of expected.entries())
    expect(Math.abs((actual[index] ?? 0) - value), `${actual}`).toBeLessThanOrEqual(tolerance);
}
