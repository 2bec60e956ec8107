import { type FileHandle, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { counterInput, createClipFolder, ffmpeg, H264, readPackets, toneInput } from '../../testing/clips.ts';
import { createRandom, mutate } from '../../testing/mutants.ts';
import * as ids from './ids.ts';
import { readMatroskaKeyframes } from './keyframes.ts';

const EBML = 0x1a45dfa3;
const VOID = 0xec;
const SIZE_UNKNOWN = Buffer.from('01ffffffffffffff', 'hex');

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

const at = (name: string): string => join(clips.path, name);

async function withFile<T>(name: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(at(name));
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

const keyframesOf = (name: string, stream = 0): Promise<readonly number[] | undefined> =>
  withFile(name, (file) => readMatroskaKeyframes(file, stream));

async function keyframesIn(bytes: Buffer): Promise<readonly number[] | undefined> {
  await writeFile(at('made.mkv'), bytes);
  return keyframesOf('made.mkv');
}

const idBytes = (id: number): Buffer => Buffer.from(id.toString(16), 'hex');
const number = (value: number): Buffer => Buffer.from(value.toString(16).padStart(16, '0'), 'hex');

function element(id: number, ...content: readonly Buffer[]): Buffer {
  const data = Buffer.concat(content);
  const size = number(data.length);
  size.writeUInt8(1);
  return Buffer.concat([idBytes(id), size, data]);
}

const endless = (id: number, ...content: readonly Buffer[]): Buffer => Buffer.concat([idBytes(id), SIZE_UNKNOWN, ...content]);
const file = (...segment: readonly Buffer[]): Buffer => Buffer.concat([element(EBML), endless(ids.SEGMENT, ...segment)]);

const INFO = element(ids.INFO, element(ids.TIMESTAMP_SCALE, number(100_000)));
const track = (trackNumber: number, type: number): Buffer =>
  element(ids.TRACK_ENTRY, element(ids.TRACK_NUMBER, number(trackNumber)), element(ids.TRACK_TYPE, number(type)));
const TRACKS = element(ids.TRACKS, track(7, 1));
const cue = (time: number, ...tracks: readonly number[]): Buffer =>
  element(
    ids.CUE_POINT,
    element(ids.CUE_TIME, number(time)),
    ...tracks.map((cueTrack) => element(ids.CUE_TRACK_POSITIONS, element(ids.CUE_TRACK, number(cueTrack)))),
  );
const CUES = element(ids.CUES, cue(0, 7), cue(15_000, 2, 7), cue(20_000, 2), cue(40_000, 7));
const SECONDS = [0, 1.5, 4];
const seek = (id: number, position: number): Buffer =>
  element(ids.SEEK, element(ids.SEEK_ID, idBytes(id)), element(ids.SEEK_POSITION, number(position)));
const CLUSTER = endless(ids.CLUSTER, Buffer.alloc(500, 0xa3));

/** In the place of a seek head. */
const PLACE = Buffer.alloc(element(ids.SEEK_HEAD, seek(ids.CUES, 0)).length);
/** @param before everything from the beginning of the segment's data on */
const seekTo = (id: number, ...before: readonly Buffer[]): Buffer => element(ids.SEEK_HEAD, seek(id, Buffer.concat(before).length));
const TWICE = [PLACE, INFO, CLUSTER, PLACE, CLUSTER] as const;

describe('readMatroskaKeyframes', () => {
  test.each<{ name: string; rate?: string; options?: readonly string[]; stream?: number }>([
    { name: 'with the index at its end' },
    { name: 'with the index in front', options: ['-cues_to_front', '1'] },
    { name: 'with room for an index in front', options: ['-reserve_index_space', '20000'] },
    { name: 'at an NTSC rate', rate: '30000/1001' },
    { name: 'of changing rate', rate: '50', options: ['-vf', "select='lt(mod(t,2),1)+not(mod(n,5))'", '-fps_mode', 'vfr'] },
    { name: 'that begins late', options: ['-output_ts_offset', '1.5'] },
    { name: 'of many short clusters', options: ['-cluster_time_limit', '300'] },
    { name: 'after its sound', options: ['-map', '0:a', '-map', '1:v'], stream: 1 },
  ])('finds the keyframes of a film $name', async ({ name, rate = '25', options = [], stream = 0 }) => {
    const film = `${name.replaceAll(' ', '-')}.mkv`;
    const maps = options.includes('-map') ? [] : ['-map', '1:v', '-map', '0:a'];
    await ffmpeg(...toneInput(20), ...counterInput(rate, 20, '160x90'), ...maps, ...H264, '-c:a', 'aac', ...options, at(film));
    const shown = (await readPackets(at(film), 'v')).filter(({ isKey }) => isKey).map(({ pts }) => pts / 1000);
    expect(shown.length).toBeGreaterThan(4);
    expect(await keyframesOf(film, stream)).toEqual(shown);
  });

  it('says nothing of a recording without an index, of sound beside pictures, and of what is not there', async () => {
    const film = [...counterInput('25', 8, '160x90'), ...toneInput(8), ...H264, '-g', '50', '-c:a', 'aac'];
    await ffmpeg(...film, at('plain.mkv'));
    await ffmpeg(...film, '-live', '1', '-f', 'matroska', at('live.mkv'));
    expect(await keyframesOf('plain.mkv')).toHaveLength(4);
    expect(await keyframesOf('plain.mkv', 1)).toBeUndefined();
    expect(await keyframesOf('plain.mkv', 2)).toBeUndefined();
    expect(await keyframesOf('live.mkv')).toBeUndefined();
  });

  test.each<readonly [string, Buffer]>([
    ['before the first cluster', file(INFO, TRACKS, CUES, CLUSTER)],
    ['after an endless cluster', file(seekTo(ids.CUES, PLACE, INFO, TRACKS, CLUSTER), INFO, TRACKS, CLUSTER, CUES)],
    ['among padding and what is not known', file(element(VOID, Buffer.alloc(70_000)), INFO, element(0x4f00), TRACKS, element(VOID), CUES)],
    [
      'that a second seek head tells',
      file(seekTo(ids.SEEK_HEAD, PLACE, INFO, CLUSTER), INFO, CLUSTER, seekTo(ids.CUES, ...TWICE), CLUSTER, CUES, TRACKS),
    ],
  ])('reads cues %s', async (_, bytes) => {
    expect(await keyframesIn(bytes)).toEqual(SECONDS);
  });

  it('counts tracks as ffmpeg does, which passes over unknown types', async () => {
    const tracks = element(ids.TRACKS, track(3, 0x10), track(7, 1), track(2, 2));
    expect(await keyframesIn(file(INFO, tracks, CUES))).toEqual(SECONDS);
  });

  test.each<readonly [string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['no segment', Buffer.concat([element(EBML), element(VOID, CUES)])],
    ['no cues', file(INFO, TRACKS, CLUSTER)],
    ['no cues behind a seek head', file(seekTo(ids.CUES, PLACE, INFO, TRACKS), INFO, TRACKS, CLUSTER, CUES)],
    ['cues of another track', file(INFO, TRACKS, element(ids.CUES, cue(0, 1), cue(9, 1), cue(18, 1)))],
    ['a single cue', file(INFO, TRACKS, element(ids.CUES, cue(0, 7)))],
    ['cues that are cut', file(INFO, TRACKS, CUES).subarray(0, -1)],
    ['cues without an end', file(INFO, TRACKS, endless(ids.CUES, cue(0, 7), cue(9, 7)))],
    ['cues of five megabytes', file(INFO, TRACKS, element(ids.CUES, cue(0, 7), cue(9, 7), element(VOID, Buffer.alloc(5_000_000))))],
    [
      'numbers of nine bytes',
      file(INFO, TRACKS, element(ids.CUES, ...[1, 2].map((time) => element(ids.CUE_POINT, element(ids.CUE_TIME, Buffer.alloc(9, time)))))),
    ],
    ['a seek head that leads to itself', file(element(ids.SEEK_HEAD, seek(ids.SEEK_HEAD, 0), seek(ids.CUES, 0)), INFO, TRACKS)],
    [
      'places beyond every file',
      file(element(ids.SEEK_HEAD, seek(ids.CUES, Number.MAX_SAFE_INTEGER), seek(ids.CUES, 2 ** 63)), INFO, TRACKS),
    ],
  ])('says nothing of %s', async (_, bytes) => {
    expect(await keyframesIn(bytes)).toBeUndefined();
  });

  it('reads little, and gives times or nothing, whatever is broken', async () => {
    await ffmpeg(...counterInput('25', 8, '64x36'), ...H264, '-g', '25', '-cues_to_front', '1', at('seed.mkv'));
    const seed = await readFile(at('seed.mkv'));
    const cuesEnd = seed.indexOf(idBytes(ids.CLUSTER));
    const random = createRandom(seed.length);
    let found = 0;
    for (let index = 0; index < 200; index += 1) {
      await writeFile(at('mutant.mkv'), mutate(seed.subarray(0, cuesEnd + 100), random));
      await withFile('mutant.mkv', async (opened) => {
        const read = vi.spyOn(opened, 'read');
        const times = await readMatroskaKeyframes(opened, 0);
        expect(read.mock.calls.length).toBeLessThan(130);
        expect(times ?? []).toEqual((times ?? []).filter(Number.isFinite).toSorted((a, b) => a - b));
        found += times === undefined ? 0 : 1;
      });
    }
    expect(found).toBeGreaterThan(10);
  });
});
