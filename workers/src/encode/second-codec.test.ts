import { join } from 'node:path';
import { planRenditions } from '@mediaflow/shared/ladder';
import type { SecondCodec, VideoRendition } from '@mediaflow/shared/rendition';
import { fixTimeline, segmentFrames } from '@mediaflow/shared/timeline';
import { planUnits } from '@mediaflow/shared/units';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeFile } from '../probe/probe-file.ts';
import { counterInput, createClipFolder, ffmpeg, H264, readCounters, readPackets } from '../testing/clips.ts';
import { encodeAsset, encodeUnit, type PlannedAsset } from '../testing/encode-asset.ts';

const LADDER = [
  { shortSide: 180, crf: 21, maxBitrateBps: 900_000 },
  { shortSide: 120, crf: 21, maxBitrateBps: 500_000 },
];

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

async function plan(name: string, rate: string, seconds: number, secondCodec: SecondCodec): Promise<PlannedAsset> {
  const path = join(clips.path, name);
  await ffmpeg(...counterInput(rate, seconds), ...H264, path);
  const source = await probeFile(path, new AbortController().signal);
  const timeline = fixTimeline(source);
  const renditions = planRenditions(source, timeline, { secondCodec, ladder: LADDER }).filter(({ id }) => id.endsWith(secondCodec));
  return { path, source, timeline, renditions, units: planUnits(timeline, renditions) };
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

test.each([
  { codec: 'hevc', rate: '25', seconds: 9, frames: 225, delay: 2 },
  { codec: 'hevc', rate: '30000/1001', seconds: 9, frames: 270, delay: 2 },
  { codec: 'av1', rate: '25', seconds: 9, frames: 225, delay: 0 },
  { codec: 'av1', rate: '30000/1001', seconds: 9, frames: 270, delay: 0 },
] as const)('$codec at $rate: every picture at its place exactly once, and every segment begins with a keyframe', async (traits) => {
  const { codec, rate, seconds, frames, delay } = traits;
  const asset = await plan(`${codec}-${rate.replace('/', '_')}.mp4`, rate, seconds, codec);
  const files = await encodeAsset(asset, join(clips.path, `${codec}-${rate.replace('/', '_')}.out`));
  expect([...files.keys()].toSorted()).toEqual([`v120-${codec}`, `v180-${codec}`]);
  for (const path of files.values()) {
    expect(await readCounters(path)).toEqual(range(frames));
    const packets = await readPackets(path);
    const pts = packets.map((packet) => packet.pts).toSorted((a, b) => a - b);
    const ticks = (pts[1] ?? 0) - (pts[0] ?? 0);
    expect(pts).toEqual(range(frames).map((frame) => frame * ticks));
    expect(packets.map(({ dts }) => dts)).toEqual(range(frames).map((frame) => (frame - delay) * ticks));
    const keys = packets.flatMap(({ isKey }, index) => (isKey ? [index] : []));
    expect(keys).toEqual(range(asset.timeline.segmentCount).map((segment) => segmentFrames(asset.timeline, segment).first));
  }
});

test.each(['hevc', 'av1'] as const)('%s: a segment has the same bytes alone, beside others, and in an urgent run', async (codec) => {
  const asset = await plan(`${codec}-same.mp4`, '25', 10, codec);
  const ids = asset.renditions.map(({ id }) => id);
  const together = await encodeUnit(asset, { firstSegment: 1, segmentCount: 2, renditionIds: ids }, join(clips.path, 'together'));
  const [id] = ids;
  if (id === undefined) throw new Error('nothing planned');
  const alone = await encodeUnit(asset, { firstSegment: 2, segmentCount: 1, renditionIds: [id] }, join(clips.path, 'alone'), {
    urgency: 'waited-for',
  });
  const of = (encoded: typeof together) => {
    const rendition = encoded.renditions.find(({ renditionId }) => renditionId === id);
    return { init: rendition?.init, bytes: rendition?.segments.find(({ number }) => number === 2)?.bytes };
  };
  expect(of(alone).bytes?.byteLength).toBeGreaterThan(0);
  expect(Buffer.compare(of(alone).bytes ?? Buffer.alloc(0), of(together).bytes ?? Buffer.alloc(0))).toBe(0);
  expect(of(alone).init).toEqual(of(together).init);
});

/** What the tables promise for a size must be what the encoder writes: packaging refuses anything else. */
test.each([
  { codec: 'hevc', size: '1920x1080', rate: '60' },
  { codec: 'hevc', size: '1280x720', rate: '25' },
  { codec: 'hevc', size: '640x1138', rate: '25' },
  { codec: 'av1', size: '1920x1080', rate: '60' },
  { codec: 'av1', size: '1280x720', rate: '25' },
  { codec: 'av1', size: '640x1138', rate: '25' },
] as const)('$codec of $size at $rate fps is what its codecs string says', async ({ codec, size, rate }) => {
  const path = join(clips.path, `${codec}-${size}.mp4`);
  await ffmpeg(...counterInput(rate, 0.2, size), ...H264, path);
  const source = await probeFile(path, new AbortController().signal);
  const timeline = fixTimeline(source);
  const planned = planRenditions(source, timeline, { secondCodec: codec });
  const top = planned.find((rendition): rendition is VideoRendition => rendition.id.endsWith(`-${codec}`));
  if (top === undefined) throw new Error('nothing planned');
  const asset = { path, source, timeline, renditions: [top], units: [] };
  const { renditions } = await encodeUnit(asset, { firstSegment: 0, segmentCount: 1, renditionIds: [top.id] }, join(clips.path, 'levels'));
  expect(renditions.map(({ renditionId }) => renditionId)).toEqual([top.id]);
});

test.each([1, 2, 3])('a film of %i pictures is coded in either codec', async (frames) => {
  for (const codec of ['hevc', 'av1'] as const) {
    const asset = await plan(`${codec}-${frames}.mp4`, '25', frames / 25, codec);
    const files = await encodeAsset(asset, join(clips.path, `${codec}-${frames}.out`));
    for (const path of files.values()) expect(await readCounters(path)).toEqual(range(frames));
  }
});
