import { execFile } from 'node:child_process';
import { appendFile, open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counterInput, createClipFolder, ffmpeg, H264, jitteredInput, toneInput } from '../testing/clips.ts';
import { probeFile } from './probe-file.ts';
import { findCrowds } from './streams/crowds.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

const at = (name: string): string => join(clips.path, name);
const probe = (name: string) => probeFile(at(name), new AbortController().signal);
/** When the pictures that decode are shown, by a decoder that knows nothing of the probe. */
async function readShownSeconds(name: string): Promise<readonly number[]> {
  const entries = ['-v', 'quiet', '-select_streams', 'v', '-show_entries', 'frame=best_effort_timestamp_time', '-of', 'csv=p=0'];
  const { stdout } = await promisify(execFile)('ffprobe', [...entries, at(name)]).catch((failed: { stdout: string }) => failed);
  return stdout
    .split(/[\n,]+/)
    .filter((line) => line !== '')
    .map(Number);
}
const lastPictureMs = async (name: string): Promise<number> => Math.max(...(await readShownSeconds(name))) * 1000;
const TEXT = 'Dear diary, today I renamed a text file to see what happens.\n';

describe('what is not a video is refused in words a person understands', () => {
  test.each([
    ['an empty file', 'empty.mp4', '', 'empty_source', /empty/],
    ['text', 'text.mp4', TEXT.repeat(200), 'not_media', /plain text/],
    ['one byte', 'byte.mp4', 'x', 'not_media', /plain text/],
    ['a PDF', 'paper.mp4', '%PDF-1.7\n%\u00e2\u00e3\n1 0 obj', 'not_media', /PDF document/],
    ['an archive', 'archive.mp4', 'PK\u0003\u0004\u0014\u0000\u0000\u0000\u0008\u0000', 'not_media', /archive/],
    ['a playlist that names a local file', 'list.mp4', '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n', 'not_media', /plain text/],
    ['a concat script', 'script.mp4', "ffconcat version 1.0\nfile '/etc/passwd'\n", 'not_media', /plain text/],
    [
      'noise',
      'noise.mp4',
      Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919 + (index >> 3)) % 251)),
      'not_media',
      /unknown kind/,
    ],
  ])('%s', async (_, name, content, code, message) => {
    await writeFile(at(name), content, 'latin1');
    await expect(probe(name)).rejects.toMatchObject({ code, message: expect.stringMatching(message), isRetryable: false });
  });

  test('a picture', async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=64x64', '-frames:v', '1', '-f', 'image2', '-c:v', 'png', at('picture.mp4'));
    await expect(probe('picture.mp4')).rejects.toMatchObject({
      code: 'not_media',
      message: 'This file is a still picture, not video or audio.',
    });
  });

  test('subtitles alone', async () => {
    await writeFile(at('a.srt'), '1\n00:00:00,000 --> 00:00:02,000\nhello\n');
    await ffmpeg('-i', at('a.srt'), '-c:s', 'srt', at('subtitles.mkv'));
    await expect(probe('subtitles.mkv')).rejects.toMatchObject({ code: 'no_streams' });
  });

  test('a pixel bomb, before anything of it is decoded', async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'color=s=8192x8192:r=1:d=1', ...H264, at('bomb.mp4'));
    await expect(probe('bomb.mp4')).rejects.toMatchObject({ code: 'limit_pixels' });
  });

  test('a file of 13 hours', async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'color=s=16x16:r=1/3600:d=46800', ...H264, at('long.mp4'));
    await expect(probe('long.mp4')).rejects.toMatchObject({ code: 'limit_duration' });
  });

  test('but not one of 12 hours', async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'color=s=16x16:r=1/3600:d=43200', ...H264, at('half-a-day.mp4'));
    expect(await probe('half-a-day.mp4')).toMatchObject({ durationMs: 43_200_000, warnings: [] });
  });

  test('a file of 65 streams', async () => {
    await ffmpeg(...toneInput(1), ...Array.from({ length: 65 }, () => ['-map', '0:a']).flat(), '-c:a', 'pcm_s16le', at('streams.mov'));
    await expect(probe('streams.mov')).rejects.toMatchObject({ code: 'limit_streams' });
  });
});

describe('a file that was cut', () => {
  const WHOLE_SECONDS = 8;
  const cutInHalf = async (name: string): ReturnType<typeof probe> => {
    const whole = await probe(name);
    expect(whole.warnings).toEqual([]);
    expect(whole.durationMs / 1000).toBeCloseTo(WHOLE_SECONDS, 0);
    await truncate(at(name), Math.floor((await stat(at(name))).size / 2));
    const half = await probe(name);
    expect(half.warnings).toEqual([{ type: 'truncated', message: expect.stringMatching(/ends too early/) }]);
    return half;
  };
  const make: Readonly<Record<string, readonly string[]>> = {
    'faststart.mp4': [...H264, '-c:a', 'aac', '-movflags', '+faststart'],
    'fragments.mp4': [...H264, '-c:a', 'aac', '-movflags', '+frag_keyframe+empty_moov'],
    'film.mkv': [...H264, '-c:a', 'aac'],
    'film.avi': ['-c:v', 'mpeg4', '-c:a', 'mp3'],
    'film.wmv': ['-c:v', 'wmv2', '-c:a', 'wmav2'],
    'film.flv': ['-c:v', 'flv1', '-c:a', 'mp3', '-ar', '44100'],
  };

  test.each(Object.keys(make))('%s plays what is left, and says so', async (name) => {
    const picture = ['-f', 'lavfi', '-i', `testsrc2=s=320x180:r=25:d=${WHOLE_SECONDS}`];
    await ffmpeg(...picture, ...toneInput(WHOLE_SECONDS), ...(make[name] ?? []), at(name));
    const half = await cutInHalf(name);
    const leftMs = (await lastPictureMs(name)) - half.startMs;
    expect(half.video?.endMs).toBeGreaterThanOrEqual(leftMs);
    // Pictures whose reference is lost do not decode, and their places are held.
    expect(half.video?.endMs).toBeLessThan(leftMs + 200);
  });

  test.each([
    ['song.mp3', ['-b:a', '128k', '-id3v2_version', '0']],
    ['tagged.mp3', ['-q:a', '4', '-metadata', `title=${'t'.repeat(20_000)}`]],
    ['song.flac', []],
    ['many-blocks.flac', ['-frame_size', '192', '-sample_fmt', 's32']],
    ['surround.flac', ['-ac', '6', '-ar', '96000']],
  ])('%s is heard as far as it goes, and says so', async (name, options) => {
    const noise = ['-f', 'lavfi', '-i', `anoisesrc=r=44100:d=${WHOLE_SECONDS}:seed=7:a=0.3`];
    await ffmpeg(...noise, ...options, at(name));
    const half = await cutInHalf(name);
    expect(half.audio[0]?.endMs).toBeGreaterThan(2_500);
    expect(half.audio[0]?.endMs).toBeLessThan(4_500);
  });

  test('by its last byte alone', async () => {
    await ffmpeg(...counterInput('25', 1), ...H264, '-movflags', '+faststart', at('byte-less.mp4'));
    await truncate(at('byte-less.mp4'), (await stat(at('byte-less.mp4'))).size - 1);
    expect(await probe('byte-less.mp4')).toMatchObject({
      warnings: [{ type: 'truncated', message: expect.stringMatching(/last 1 bytes/) }],
    });
  });

  test.each([
    ['an MP4 with its index at the end', 'plain.mp4', [], 10_000],
    ['an MP4 in its index', 'index.mp4', ['-movflags', '+faststart'], 400],
    ['a Matroska file in its header', 'header.mkv', [], 200],
  ] as const)('%s cannot be played', async (_, name, options, sizeBytes) => {
    await ffmpeg(...counterInput('25', 4), ...H264, ...options, at(name));
    await truncate(at(name), sizeBytes);
    await expect(probe(name)).rejects.toMatchObject({ code: 'truncated', isRetryable: false });
  });

  test('exactly between two boxes', async () => {
    const path = at('no-index.mp4');
    await ffmpeg(...counterInput('25', 1), ...H264, path);
    await truncate(path, 32);
    await expect(probe('no-index.mp4')).rejects.toMatchObject({ code: 'truncated' });
  });

  test('but zeros after the last box, as cameras write them, are no fault', async () => {
    const path = at('padded.mp4');
    await ffmpeg(...counterInput('25', 1), ...H264, path);
    const file = await open(path, 'a');
    await file.write(Buffer.alloc(4096));
    await file.close();
    expect(await probe('padded.mp4')).toMatchObject({ demuxer: 'mov', durationMs: 1000 });
  });
});

describe('two files one behind the other', () => {
  const make = (name: string, seconds: number, ...options: readonly string[]): Promise<unknown> =>
    ffmpeg(...counterInput('25', seconds), ...H264, ...options, at(name));
  const cat = async (name: string, ...parts: readonly string[]): Promise<void> => {
    for (const part of parts) await appendFile(at(name), await readFile(at(part)));
  };

  test.each(['mkv', 'webm', 'mp4'])('in %s, the first is played, and a warning says so', async (extension) => {
    const [first, second, both] = ['first', 'second', 'both'].map((name) => `${name}.${extension}`) as [string, string, string];
    const codec = extension === 'webm' ? ['-c:v', 'libvpx', '-deadline', 'realtime'] : [];
    await make(first, 2, ...codec);
    await make(second, 3, ...codec);
    await cat(both, first, second);
    expect(await probe(both)).toMatchObject({ durationMs: 2000, warnings: [{ type: 'joined' }] });
  });

  test('of fragments, both play: one recording whose index comes again', async () => {
    const fragmented = ['-movflags', '+frag_keyframe+empty_moov'];
    await make('fragments-0.mp4', 2, ...fragmented);
    await cat('again.mp4', 'fragments-0.mp4', 'fragments-0.mp4');
    expect((await probe('again.mp4')).warnings).toEqual([]);
  });
});

describe('what is established of a source', () => {
  test('sound with a cover picture is sound', async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=64x64', '-frames:v', '1', at('cover.png'));
    await ffmpeg(
      ...toneInput(2),
      '-i',
      at('cover.png'),
      '-map',
      '0',
      '-map',
      '1',
      '-c:v',
      'png',
      '-disposition:v:0',
      'attached_pic',
      at('song.m4a'),
    );
    const source = await probe('song.m4a');
    expect(source.video).toBeUndefined();
    expect(source.audio).toHaveLength(1);
  });

  test.each([
    ['from its beginning', []],
    ['from an edit on that hides the first pictures', ['-ss', '0.237']],
  ])('where the pictures of a camera share places, %s', async (name, cut) => {
    await ffmpeg(...jitteredInput(29.87, 12, 3, '64x36'), ...H264, at(`whole ${name}.mp4`));
    await ffmpeg(...cut, '-i', at(`whole ${name}.mp4`), '-c', 'copy', at(`${name}.mp4`));
    const { video } = await probe(`${name}.mp4`);
    const shown = await readShownSeconds(`${name}.mp4`);
    expect(video?.isUneven).toBe(true);
    expect(video?.crowds?.length).toBeGreaterThan(0);
    expect(video?.crowds).toEqual(findCrowds(shown, video?.frameRate ?? { num: 0, den: 1 }, 0));
  });

  test('pictures on the grid are even, although some are missing', async () => {
    await ffmpeg(...counterInput('30', 6, '64x36'), '-vf', "select='mod(n,7)'", '-fps_mode', 'vfr', ...H264, at('gaps.mp4'));
    const { video } = await probe('gaps.mp4');
    expect(video?.frameRate).toEqual({ num: 30, den: 1 });
    expect(video).not.toHaveProperty('isUneven');
  });

  test('anamorphic pictures are wider than their pixels say', async () => {
    await ffmpeg(...counterInput('25', 1, '720x576'), '-vf', 'setsar=64/45', ...H264, at('dvd.mp4'));
    expect((await probe('dvd.mp4')).video).toMatchObject({ width: 1024, height: 576 });
  });

  test('languages are BCP 47', async () => {
    await ffmpeg(...counterInput('25', 1), ...toneInput(1), ...H264, '-c:a', 'aac', '-metadata:s:a:0', 'language=ger', at('german.mp4'));
    expect((await probe('german.mp4')).audio[0]?.language).toBe('de');
  });

  test('fragments behind indices of their own last as long in every track', async () => {
    await ffmpeg(...counterInput('25', 8), ...toneInput(8), ...H264, '-c:a', 'aac', '-movflags', 'dash', at('dash.mp4'));
    const source = await probe('dash.mp4');
    expect(source.video?.endMs).toBeCloseTo(8000, -3);
    expect(source.audio[0]?.endMs).toBeCloseTo(8000, -3);
  });

  test.each([100_000, 1_700_000_000])('fragments whose clock begins at %i s are as long as they are', async (startSeconds) => {
    const path = at('late-clock.mp4');
    const fragmented = ['-movflags', 'frag_keyframe+empty_moov+default_base_moof'];
    await ffmpeg(...counterInput('25', 8), ...toneInput(8), ...H264, '-c:a', 'aac', ...fragmented, path);
    const bytes = await readFile(path);
    const findAll = (type: string): readonly number[] =>
      [...bytes.toString('latin1').matchAll(new RegExp(type, 'g'))].map(({ index }) => index);
    const timescales = findAll('mdhd').map((offset) => bytes.readUInt32BE(offset + 16));
    // Each fragment has one of the pictures and then one of the sound.
    for (const [order, offset] of findAll('tfdt').entries())
      bytes.writeBigUInt64BE(bytes.readBigUInt64BE(offset + 8) + BigInt(startSeconds * (timescales[order % 2] ?? 0)), offset + 8);
    await writeFile(path, bytes);
    const source = await probe('late-clock.mp4');
    expect(source.startMs / 1000).toBeCloseTo(startSeconds, 0);
    expect(source.durationMs / 1000).toBeCloseTo(8, 0);
  });

  test('a recording without a stated length is measured', async () => {
    await ffmpeg(
      ...counterInput('25', 5),
      ...toneInput(4),
      '-c:v',
      'libvpx',
      '-deadline',
      'realtime',
      '-c:a',
      'libopus',
      '-f',
      'webm',
      '-live',
      '1',
      at('live.webm'),
    );
    const source = await probe('live.webm');
    expect(source.video?.endMs).toBeCloseTo(5000, -2);
    expect(source.audio[0]?.endMs).toBeCloseTo(4000, -2);
  });

  test('raw audio is measured, not guessed from its bit rate', async () => {
    await ffmpeg('-f', 'lavfi', '-i', "aevalsrc='if(lt(t,8),0,random(0))':d=10", '-c:a', 'aac', '-f', 'adts', at('raw.aac'));
    expect((await probe('raw.aac')).durationMs).toBeCloseTo(10_000, -2);
  });
});
