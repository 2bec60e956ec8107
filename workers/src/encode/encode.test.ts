import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { segmentFrames } from '@mediaflow/shared/timeline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  counterInput,
  createClipFolder,
  ffmpeg,
  H264,
  jitteredInput,
  readColour,
  readCounters,
  readPackets,
  toneInput,
} from '../testing/clips.ts';
import { encodeAsset, encodeUnit, planAsset } from '../testing/encode-asset.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

/** Makes a clip, takes it through probe, plan, encode and package, and joins each rendition's segments. */
async function process(
  name: string,
  args: readonly string[],
): Promise<{ asset: Awaited<ReturnType<typeof planAsset>>; files: ReadonlyMap<string, string> }> {
  const path = join(clips.path, name);
  await ffmpeg(...args, path);
  const asset = await planAsset(path);
  return { asset, files: await encodeAsset(asset, join(clips.path, `${name}.out`)) };
}

const videoFiles = (files: ReadonlyMap<string, string>): readonly string[] =>
  [...files].filter(([id]) => id.startsWith('v')).map(([, path]) => path);
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** What every rung must hold, whatever the source was: the grid's pictures at constant steps from 0, a keyframe at each segment's start. */
async function expectGrid(path: string, { timeline }: Awaited<ReturnType<typeof planAsset>>): Promise<void> {
  const packets = await readPackets(path);
  const pts = packets.map((packet) => packet.pts).toSorted((a, b) => a - b);
  const step = (pts[1] ?? 0) - (pts[0] ?? 0);
  expect(pts).toEqual(range(timeline.frameCount).map((frame) => frame * step));
  expect(packets.map((packet) => packet.dts)).toEqual(range(timeline.frameCount).map((frame) => (frame - 2) * step));
  const keys = packets.flatMap((packet, index) => (packet.isKey ? [index] : []));
  expect(keys).toEqual(range(timeline.segmentCount).map((segment) => segmentFrames(timeline, segment).first));
}

describe('every picture of the source is at its place exactly once, in every rung, whatever the order of units', () => {
  test.each([
    ['24 fps', '24.mp4', counterInput('24', 10), [...H264], 240],
    ['25 fps', '25.mp4', counterInput('25', 10), [...H264], 250],
    ['NTSC', 'ntsc.mp4', counterInput('30000/1001', 10), [...H264], 300],
    ['NTSC film in Matroska, whose clock is milliseconds', 'film.mkv', counterInput('24000/1001', 10), [...H264], 240],
    ['60 fps', '60.mp4', counterInput('60', 9), [...H264], 540],
    ['MPEG-TS with a late clock', 'offset.ts', counterInput('25', 20), [...H264, '-output_ts_offset', '95440'], 500],
    ['open groups of pictures', 'open.mp4', counterInput('25', 10), [...H264, '-x264-params', 'open-gop=1:keyint=61:scenecut=0'], 250],
    ['48 fps, slowed down as for television', '48.mp4', counterInput('48000/1001', 11.011, '64x36'), [...H264], 528],
    ['AVI', 'old.avi', counterInput('25', 10), ['-c:v', 'mpeg4', '-q:v', '2', '-g', '50'], 250],
    ['AVI of H.264 with B-frames, without presentation times', 'b.avi', counterInput('25', 9, '64x36'), [...H264], 225],
    ['an odd size', 'odd.mkv', counterInput('25', 9, '321x181'), ['-c:v', 'ffv1', '-g', '1'], 225],
  ] as const)('%s', async (_, name, input, codec, frames) => {
    const { asset, files } = await process(name, [...input, ...codec]);
    expect(asset.timeline.frameCount).toBe(frames);
    expect(videoFiles(files)).toHaveLength(asset.renditions.length);
    for (const path of videoFiles(files)) {
      expect(await readCounters(path)).toEqual(range(frames));
      await expectGrid(path, asset);
    }
  });

  test.each([
    ['shifts every picture off the grid', 'shifted.mkv', '24', 10, 240],
    ['is longer than a picture', 'early.mkv', '60', 5, 300],
  ] as const)('with sound whose priming %s', async (_, name, rate, seconds, frames) => {
    const sound = [...toneInput(seconds), '-c:a', 'aac', '-output_ts_offset', '0.3'];
    const { asset, files } = await process(name, [...counterInput(rate, seconds, '160x90'), ...sound, ...H264]);
    for (const path of videoFiles(files)) {
      expect(await readCounters(path)).toEqual(range(frames));
      await expectGrid(path, asset);
    }
  });
});

test('a recorded screen that rests and then moves: each picture is shown from its own grid point on until the next', async () => {
  const isShown = (frame: number): boolean => frame % 60 === 0 || (frame >= 240 && frame <= 270);
  const rests = "select='not(mod(n,60))+between(n,240,270)'";
  const args = [...counterInput('60', 8, '160x90'), '-vf', rests, '-fps_mode', 'vfr', ...H264];
  const { asset, files } = await process('screen.mp4', args);
  expect(asset.timeline.frameRate).toEqual({ num: 60, den: 1 });
  const expected = range(asset.timeline.frameCount).map((frame) => range(frame + 1).findLast(isShown));
  for (const path of videoFiles(files)) {
    expect(await readCounters(path)).toEqual(expected);
    await expectGrid(path, asset);
  }
});

test('variable frame rate: a missing picture is the one before it held, and none moves', async () => {
  const gaps = "select='not(eq(mod(n,7),3))*not(between(n,100,125))'";
  const { asset, files } = await process('vfr.mp4', [...counterInput('30000/1001', 12), '-vf', gaps, '-fps_mode', 'vfr', ...H264]);
  const isKept = (frame: number): boolean => frame % 7 !== 3 && !(frame >= 100 && frame <= 125);
  const expected = range(asset.timeline.frameCount).map((frame) => {
    let shown = frame;
    while (!isKept(shown)) shown -= 1;
    return shown;
  });
  for (const path of videoFiles(files)) {
    expect(await readCounters(path)).toEqual(expected);
    await expectGrid(path, asset);
  }
});

test.each([
  [
    'MP4, a little slower than the grid',
    'phone.mp4',
    jitteredInput(29.87, 20, 3, '160x90'),
    [...H264, '-bf', '0'],
    { num: 30_000, den: 1001 },
  ],
  ['MP4 with B-frames, a little faster', 'fast.mp4', jitteredInput(30.05, 20, 3, '160x90'), [...H264], { num: 30_047, den: 1000 }],
  ['WebM of a call', 'call.webm', jitteredInput(29.9, 20, 8, '160x90'), ['-c:v', 'libvpx', '-deadline', 'realtime', '-g', '60'], undefined],
  ['MPEG-TS', 'phone.ts', jitteredInput(29.87, 20, 3, '160x90'), [...H264], { num: 30_000, den: 1001 }],
] as const)('pictures of a phone, each a few milliseconds early or late: none is lost (%s)', async (_, name, input, codec, frameRate) => {
  const { asset, files } = await process(name, [...input, ...codec]);
  if (frameRate !== undefined) expect(asset.timeline.frameRate).toEqual(frameRate);
  const pictures = await readCounters(asset.path);
  expect(pictures.length).toBeGreaterThan(590);
  for (const path of videoFiles(files)) {
    const counters = await readCounters(path);
    expect([...new Set(counters)]).toEqual(pictures);
    expect(counters.toSorted((a, b) => a - b)).toEqual(counters);
    await expectGrid(path, asset);
  }
});

test('24 pictures a second that become 30: all are shown', async () => {
  const paces = "settb=1/90000,setpts='if(lt(N,240),N/24,10+(N-240)/30)/TB'";
  const args = [...counterInput('30', 18, '160x90'), '-vf', paces, '-fps_mode', 'passthrough', '-enc_time_base', '1:90000', ...H264];
  const { asset, files } = await process('paces.mp4', args);
  expect(asset.timeline.frameRate).toEqual({ num: 30, den: 1 });
  for (const path of videoFiles(files)) expect([...new Set(await readCounters(path))]).toEqual(range(540));
});

test.each(['120.mp4', '120.mkv'])('more than 60 frames a second are halved: every second picture (%s)', async (name) => {
  const { asset, files } = await process(name, [...counterInput('120', 5, '160x120'), ...H264]);
  expect(asset.timeline.frameRate).toEqual({ num: 60, den: 1 });
  for (const path of videoFiles(files)) expect(await readCounters(path)).toEqual(range(300).map((frame) => frame * 2));
});

test.each([
  ['smaller', 'ts', '320x180', '160x90'],
  ['larger', 'ts', '160x90', '320x180'],
  ['smaller', 'mp4', '320x180', '160x90'],
])(
  'pictures that become %s on the way (%s) stay in their places, at the size of the rendition',
  async (change, extension, before, after) => {
    const name = `${change}-${extension}`;
    const path = join(clips.path, `${name}.${extension}`);
    const parts = [`${path}.0.ts`, `${path}.1.ts`] as const;
    await ffmpeg(...counterInput('25', 3, before), ...H264, parts[0]);
    // 0.08 s are what B-frames hold the first part's beginning back by.
    await ffmpeg(...counterInput('25', 3, after), ...H264, '-output_ts_offset', '3.08', parts[1]);
    const joined = Buffer.concat(await Promise.all(parts.map((part) => readFile(part))));
    await writeFile(extension === 'ts' ? path : parts[0], joined);
    if (extension !== 'ts') await ffmpeg('-i', parts[0], '-c', 'copy', path);
    const asset = await planAsset(path);
    const files = await encodeAsset(asset, join(clips.path, `${name}.out`));
    for (const file of videoFiles(files)) {
      expect(await readCounters(file)).toEqual([...range(75), ...range(75)]);
      await expectGrid(file, asset);
    }
  },
);

test('rotation is applied and gone', async () => {
  const upright = join(clips.path, 'upright.mp4');
  await ffmpeg(...counterInput('25', 5), ...H264, upright);
  const { asset, files } = await process('rotated.mp4', ['-i', upright, '-c', 'copy', '-metadata:s:v', 'rotate=90']);
  expect(asset.source.video).toMatchObject({ width: 180, height: 320 });
  const expected = await readCounters(asset.path, { isPortrait: true });
  expect(expected).toHaveLength(125);
  expect(await readCounters(videoFiles(files)[0] ?? '', { isPortrait: true })).toEqual(expected);
});

test('interlaced pictures are made whole at their own rate', async () => {
  const { asset, files } = await process('interlaced.ts', [
    ...['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=50:d=9', '-vf', 'tinterlace=interleave_top,fieldorder=tff'],
    ...['-c:v', 'mpeg2video', '-flags', '+ildct+ilme', '-q:v', '4'],
  ]);
  expect(asset.source.video?.isInterlaced).toBe(true);
  expect(asset.timeline.frameRate).toEqual({ num: 25, den: 1 });
  for (const path of videoFiles(files)) await expectGrid(path, asset);
});

test('high dynamic range becomes standard, and bright stays bright', async () => {
  const grey = "nullsrc=s=320x180:r=25:d=1,format=yuv420p10le,geq=lum='if(lt(X,160),64,600)':cb=512:cr=512";
  const pq = ['-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'];
  const { asset, files } = await process('hdr.mp4', [
    '-f',
    'lavfi',
    '-i',
    grey,
    '-c:v',
    'libx265',
    '-x265-params',
    'log-level=none',
    ...pq,
  ]);
  expect(asset.source.video?.isHdr).toBe(true);
  for (const path of videoFiles(files)) {
    expect(await readColour(path)).toEqual({ color_space: 'bt709', color_transfer: 'bt709', color_primaries: 'bt709' });
    // Left half black, right half white: the counter's low six bits are 0 and its high six are 1.
    expect(new Set(await readCounters(path))).toEqual(new Set([0b1111_1100_0000]));
  }
});

test('a single picture', async () => {
  const { asset, files } = await process('one.mp4', [...counterInput('25', 1), '-frames:v', '1', ...H264]);
  expect(asset.timeline).toMatchObject({ frameCount: 1, segmentCount: 1 });
  for (const path of videoFiles(files)) expect(await readCounters(path)).toEqual([0]);
});

describe('sound of another length than the picture', () => {
  test('longer: the last picture is held to the end', async () => {
    const { asset, files } = await process('long-sound.mp4', [...counterInput('25', 3), ...toneInput(14), ...H264, '-c:a', 'aac']);
    expect(asset.timeline.frameCount).toBe(350);
    const held = range(350).map((frame) => Math.min(frame, 74));
    for (const path of videoFiles(files)) {
      expect(await readCounters(path)).toEqual(held);
      await expectGrid(path, asset);
    }
  });

  test('shorter: silence to the end', async () => {
    const { asset, files } = await process('short-sound.mp4', [...counterInput('25', 10), ...toneInput(2), ...H264, '-c:a', 'aac']);
    expect(asset.timeline.audioSampleCount).toBe(480_000);
    expect(await readPackets(files.get('a0') ?? '')).toHaveLength(1 + Math.ceil(480_000 / 1024));
  });

  test('none: no audio rendition', async () => {
    const { asset, files } = await process('mute.mp4', [...counterInput('25', 2), ...H264]);
    expect([...files.keys()]).toEqual(asset.renditions.map(({ id }) => id));
    expect(asset.timeline.audioSampleCount).toBeUndefined();
  });
});

test('a unit done twice is the same bytes, and units share one init segment', async () => {
  const path = join(clips.path, 'twice.mp4');
  await ffmpeg(...counterInput('25', 10), ...toneInput(10), ...H264, '-c:a', 'aac', path);
  const asset = await planAsset(path);
  const inits = new Map<string, Uint8Array>();
  for (const unit of asset.units) {
    const first = await encodeUnit(asset, unit, clips.path);
    expect(await encodeUnit(asset, unit, clips.path)).toEqual(first);
    for (const { renditionId, init } of first.renditions) {
      expect(inits.get(renditionId) ?? init).toEqual(init);
      inits.set(renditionId, init);
    }
  }
});
