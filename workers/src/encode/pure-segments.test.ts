import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { segmentFrames } from '@mediaflow/shared/timeline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PackagedRendition } from '../package/cut-segments.ts';
import { counterInput, createClipFolder, ffmpeg, H264, readCounters } from '../testing/clips.ts';
import { encodeUnit, type PlannedAsset, planAsset } from '../testing/encode-asset.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

/** Noise, so that every rate control decision has something to decide. */
const noisyInput = (rate: string, seconds: number): readonly string[] => [
  ...['-f', 'lavfi', '-i', `testsrc2=s=320x180:r=${rate}:d=${seconds},noise=alls=20:allf=t`],
];

const bytesOf = (renditions: readonly PackagedRendition[], id: string, number: number): Uint8Array =>
  renditions.find(({ renditionId }) => renditionId === id)?.segments.find((segment) => segment.number === number)?.bytes ?? Buffer.of();

/** Length and hash: a difference of whole segments, printed byte by byte, takes minutes. */
const digest = (bytes: Uint8Array): string => `${bytes.byteLength} ${createHash('sha256').update(bytes).digest('hex')}`;
const digestOf = (renditions: readonly PackagedRendition[], id: string, number: number): string => digest(bytesOf(renditions, id, number));

async function plan(name: string, ...args: readonly string[]): Promise<PlannedAsset> {
  const path = join(clips.path, name);
  await ffmpeg(...args, path);
  return planAsset(path);
}

describe('a segment asked for by itself has the bytes that its unit gives it', () => {
  test.each([
    ['25 fps', 'pure25.mp4', noisyInput('25', 14), [...H264]],
    ['NTSC, whose last segment is short', 'purentsc.mkv', noisyInput('30000/1001', 9), [...H264]],
    ['MPEG-TS, read without an index', 'pure.ts', noisyInput('24', 14), [...H264]],
    [
      'interlaced, with a keyframe where the second segment begins',
      'interlaced.mkv',
      [...noisyInput('50', 7), '-vf', 'tinterlace=interleave_top,fieldorder=tff'],
      ['-c:v', 'mpeg2video', '-flags', '+ildct+ilme', '-q:v', '4', '-g', '25', '-bf', '0'],
    ],
    [
      'HDR',
      'hdr.mkv',
      noisyInput('12', 6),
      ['-c:v', 'ffv1', '-pix_fmt', 'yuv420p10le', '-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'],
    ],
    ['60 fps, 4:2:2 in 10 bits', 'pure60.mkv', noisyInput('60', 5), ['-c:v', 'ffv1', '-pix_fmt', 'yuv422p10le', '-g', '30']],
  ] as const)('%s', async (_, name, input, codec) => {
    const asset = await plan(name, ...input, ...codec);
    const ids = asset.renditions.filter(({ kind }) => kind === 'video').map(({ id }) => id);
    const last = asset.timeline.segmentCount - 1;
    for (const unit of asset.units) {
      const { renditions } = await encodeUnit(asset, unit, clips.path);
      const numbers = [unit.firstSegment, Math.min(last, unit.firstSegment + unit.segmentCount - 1)];
      // The lower rung of one, the higher of the other: neither the neighbour segment nor the rungs above may matter.
      for (const [index, number] of numbers.entries()) {
        const id = ids[index % ids.length] ?? '';
        const alone = { firstSegment: number, segmentCount: 1, renditionIds: [id] };
        const urgent = await encodeUnit(asset, alone, clips.path, { urgency: 'waited-for' });
        expect(digestOf(urgent.renditions, id, number)).toBe(digestOf(renditions, id, number));
        expect(bytesOf(urgent.renditions, id, number).byteLength).toBeGreaterThan(1_000);
      }
    }
  });
});

test('every segment plays by itself, given the init segment of any unit', async () => {
  const asset = await plan('alone.mp4', ...counterInput('25', 11), ...H264);
  const [{ id } = { id: '' }] = asset.renditions;
  const first = await encodeUnit(asset, { firstSegment: 0, segmentCount: 1, renditionIds: [id] }, clips.path);
  const rest = await encodeUnit(asset, { firstSegment: 1, segmentCount: 2, renditionIds: [id] }, clips.path);
  expect(first.renditions[0]?.init).toEqual(rest.renditions[0]?.init);
  for (const number of [1, 2]) {
    const path = join(clips.path, `alone-${number}.mp4`);
    await writeFile(path, Buffer.concat([first.renditions[0]?.init ?? Buffer.of(), bytesOf(rest.renditions, id, number)]));
    const { first: frame, count } = segmentFrames(asset.timeline, number);
    expect(await readCounters(path)).toEqual(Array.from({ length: count }, (_, index) => frame + index));
  }
});

test('units of another size make the same segments', async () => {
  const asset = await plan('cuts.mp4', ...noisyInput('25', 14), ...H264);
  const renditionIds = asset.renditions.map(({ id }) => id);
  const whole = await encodeUnit(asset, { firstSegment: 0, segmentCount: 4, renditionIds }, clips.path);
  const later = await encodeUnit(asset, { firstSegment: 1, segmentCount: 3, renditionIds }, clips.path);
  for (const id of renditionIds) {
    for (const number of [1, 2, 3]) expect(digestOf(later.renditions, id, number)).toBe(digestOf(whole.renditions, id, number));
  }
});

test('pictures of a phone give way to one another from whichever segment on they are read', async () => {
  // Half-way between two places after the first ones, some milliseconds early or late.
  const times = "settb=1/90000,setpts='round(((N+0.4*gte(N,9))/30+random(0)*0.008)/TB)'";
  const passed = ['-vf', times, '-fps_mode', 'passthrough', '-enc_time_base', '1:90000'];
  const asset = await plan('phone.mp4', ...counterInput('30', 38), ...passed, ...H264, '-g', '1', '-bf', '0');
  const renditionIds = [asset.renditions[0]?.id ?? ''];
  const segmentCount = asset.timeline.segmentCount;
  const whole = await encodeUnit(asset, { firstSegment: 0, segmentCount, renditionIds }, clips.path);
  for (let number = 1; number < segmentCount; number += 1) {
    const alone = await encodeUnit(asset, { firstSegment: number, segmentCount: 1, renditionIds }, clips.path);
    expect(digestOf(alone.renditions, renditionIds[0] ?? '', number)).toBe(digestOf(whole.renditions, renditionIds[0] ?? '', number));
  }
});

test('what is skipped is not made, and what is made beside it stays the same', async () => {
  const asset = await plan('skipped.mp4', ...counterInput('25', 11), ...H264);
  const ids = asset.renditions.map(({ id }) => id);
  const range = { firstSegment: 0, segmentCount: 3, renditionIds: ids };
  const whole = await encodeUnit(asset, range, clips.path);
  const isSkipped = ({ id }: { id: string }, number: number): boolean => (id === ids[0] ? number !== 1 : number === 1);
  const some = await encodeUnit(asset, range, clips.path, { isSkipped });
  expect(some.renditions.map(({ renditionId, segments }) => [renditionId, segments.map(({ number }) => number)])).toEqual([
    [ids[0], [1]],
    [ids[1], [0, 2]],
  ]);
  for (const { renditionId, segments } of some.renditions) {
    for (const { number, bytes } of segments) expect(digest(bytes)).toBe(digestOf(whole.renditions, renditionId, number));
  }
  expect(await encodeUnit(asset, range, clips.path, { isSkipped: () => true })).toEqual({ renditions: [] });
});
