import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counterInput, createClipFolder, ffmpeg, H264, toneInput } from '../../testing/clips.ts';
import { probeFile } from '../probe-file.ts';
import { findStride } from './packets.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

const at = (name: string): string => join(clips.path, name);
const probe = (name: string) => probeFile(at(name), new AbortController().signal);
const PICTURE = counterInput('25', 4, '64x36');
const make = (name: string, ...options: readonly string[]): Promise<void> =>
  ffmpeg(...PICTURE, ...toneInput(4), ...H264, ...options, at(name));
const AAC = ['-c:a', 'aac'];
const joinFiles = async (name: string, ...parts: readonly string[]): Promise<void> =>
  writeFile(at(name), Buffer.concat(await Promise.all(parts.map((part) => readFile(at(part))))));

describe('of two programs', () => {
  test('that of the picture is kept, with its own start, and a warning says so', async () => {
    const inputs = [...PICTURE, ...toneInput(4), ...PICTURE, '-itsoffset', '-0.6', ...toneInput(4)];
    const maps = Array.from({ length: 4 }, (_, index) => ['-map', String(index)]).flat();
    const programs = ['-program', 'program_num=1:st=0:st=1', '-program', 'program_num=2:st=2:st=3'];
    await ffmpeg(...inputs, ...maps, ...H264, ...AAC, ...programs, at('programs.ts'));
    const source = await probe('programs.ts');
    expect(source.video?.index).toBe(0);
    expect(source.audio.map(({ index }) => index)).toEqual([1]);
    expect(source.video?.startMs).toBe(0);
    expect(source.warnings).toEqual([{ type: 'programs_dropped', message: expect.stringContaining('2 programs') }]);
  });

  test('but two sound tracks of one are both kept', async () => {
    await ffmpeg(...PICTURE, ...toneInput(4), '-map', '0', '-map', '1', '-map', '1', ...H264, ...AAC, at('tracks.ts'));
    expect(await probe('tracks.ts')).toMatchObject({ audio: [{ index: 1 }, { index: 2 }], warnings: [] });
  });
});

describe('a track that begins later', () => {
  const MAPS = ['-map', '0', '-map', '1', '-map', '1'];

  test('is kept where ffprobe finds it', async () => {
    await make('one.ts', ...AAC);
    await make('two.ts', ...MAPS, ...AAC, '-output_ts_offset', '4');
    await joinFiles('late.ts', 'one.ts', 'two.ts');
    expect(await probe('late.ts')).toMatchObject({ audio: [{ index: 1 }, { index: 2 }], warnings: [] });
    expect((await probe('late.ts')).audio[1]?.startMs).toBeGreaterThan(3800);
  });

  test('is said to be left out where it does not', async () => {
    const [first, second] = [counterInput('25', 30, '64x36'), counterInput('25', 4, '64x36')];
    await ffmpeg(...first, ...toneInput(30), ...H264, ...AAC, at('long.ts'));
    await ffmpeg(...second, ...toneInput(4), ...MAPS, ...H264, ...AAC, '-output_ts_offset', '30', at('more.ts'));
    await joinFiles('later.ts', 'long.ts', 'more.ts');
    expect(await probe('later.ts')).toMatchObject({ audio: [{ index: 1 }], warnings: [{ type: 'tracks_dropped' }] });
  });
});

describe('where another recording follows', () => {
  test('in another codec of sound, a warning says that it is silent', async () => {
    await make('aac.ts', ...AAC);
    await make('ac3.ts', '-c:a', 'ac3', '-output_ts_offset', '4.2');
    await joinFiles('codecs.ts', 'aac.ts', 'ac3.ts');
    expect((await probe('codecs.ts')).warnings).toEqual([{ type: 'format_changed', message: expect.stringMatching(/sound .* silent/) }]);
  });

  test('in another codec of pictures, a warning says that they stand still', async () => {
    await make('h264.ts', ...AAC);
    await ffmpeg(...PICTURE, ...toneInput(4), '-c:v', 'mpeg2video', ...AAC, '-output_ts_offset', '4', at('mpeg2.ts'));
    await joinFiles('pictures.ts', 'h264.ts', 'mpeg2.ts');
    expect((await probe('pictures.ts')).warnings).toEqual([
      { type: 'format_changed', message: expect.stringMatching(/picture .* stands still/) },
    ]);
  });

  test('and its sound cannot be copied, a warning says that only the first is certain to be played', async () => {
    await make('pcm.m2ts', '-c:a', 'pcm_bluray', '-mpegts_m2ts_mode', '1');
    await joinFiles('twice.m2ts', 'pcm.m2ts', 'pcm.m2ts');
    const source = await probe('twice.m2ts');
    expect(source).toMatchObject({ audio: [{ codec: 'pcm_bluray' }], warnings: [{ type: 'joined' }] });
    expect(source.continuous).toBeUndefined();
    expect(source.warnings[0]?.message).toContain('could not be joined');
  });

  test('under other PIDs, a warning says that it is left out', async () => {
    await make('first.ts', ...AAC);
    await make('other.ts', ...AAC, '-streamid', '0:300', '-streamid', '1:301');
    await joinFiles('pids.ts', 'first.ts', 'other.ts');
    const source = await probe('pids.ts');
    expect(source.durationMs).toBeCloseTo(4000, -2);
    expect(source.warnings).toEqual([{ type: 'joined', message: expect.stringContaining('other streams') }]);
  });
});

describe('no jump of the clock is', () => {
  test.each([
    ['its beginning shortly before it overflows', 'overflow.ts', ['-output_ts_offset', '95440']],
    ['a Blu-ray recording', 'disc.m2ts', ['-mpegts_m2ts_mode', '1']],
  ])('%s', async (_, name, options) => {
    await make(name, ...AAC, ...options);
    const source = await probe(name);
    expect(source.continuous).toBeUndefined();
    expect(source.warnings).toEqual([]);
  });

  test.each([
    ['with sound', ['-map', '0', '-map', '1']],
    ['without any other packet', ['-map', '0']],
  ])('a time without a picture, and so without a clock, %s', async (name, maps) => {
    const noise = 'color=gray:s=320x180:r=25:d=50,noise=alls=80:allf=t';
    const held = ['-f', 'lavfi', '-i', `${noise},select='not(between(t,10,40))'`];
    const file = `held ${name}.ts`;
    await ffmpeg(...held, ...toneInput(50), ...maps, '-fps_mode', 'vfr', ...H264, ...AAC, at(file));
    const source = await probe(file);
    expect(source.continuous).toBeUndefined();
    expect(source.durationMs).toBeCloseTo(50_000, -2);
    expect(source.warnings).toEqual([]);
  });
});

test('many short recordings are joined, and none is lost', async () => {
  await make('part.ts', ...AAC);
  await joinFiles('many.ts', ...Array.from({ length: 40 }, () => 'part.ts'));
  const source = await probe('many.ts');
  expect(source).toMatchObject({ continuous: { streams: [0, 1] }, warnings: [{ type: 'joined' }] });
  expect(source.durationMs / 160_000).toBeCloseTo(1, 1);
});

test('packets are told from noise, with what stands between them', () => {
  const packets = (stride: number, count: number): Buffer => {
    const bytes = Buffer.alloc(stride * count);
    for (let index = 0; index < count; index += 1) bytes[index * stride + (stride === 192 ? 4 : 0)] = 0x47;
    return bytes;
  };
  expect([188, 192, 204].map((stride) => findStride(packets(stride, 5)))).toEqual([188, 192, 204]);
  const noise = Buffer.alloc(1000, 0x46);
  expect([188, 192, 204].map((stride) => findStride(Buffer.concat([noise, packets(stride, 5)])))).toEqual([188, 192, 204]);
  expect(findStride(noise)).toBeUndefined();
  expect(findStride(Buffer.concat([Buffer.alloc(10_000), packets(188, 5)]))).toBeUndefined();
  // One sync byte at the end of a file is none of a packet.
  expect(findStride(Buffer.concat([noise, Buffer.from([0x47])]))).toBeUndefined();
});
