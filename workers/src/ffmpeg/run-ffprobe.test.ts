import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createClipFolder, ffmpeg } from '../testing/clips.ts';
import { explainFailure, runFfprobe } from './run-ffprobe.ts';

const execute = promisify(execFile);

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

test('a probe that is killed says nothing of the file, and is tried again', async () => {
  const path = join(clips.path, 'silent.mp4');
  await execute('mkfifo', [path]);
  const probe = expect(runFfprobe(path, 'mov')).rejects.toMatchObject({ code: 'encode_stalled', isRetryable: true });
  const findProbe = (): Promise<string> =>
    execute('pgrep', ['-f', `ffprobe.*${path}`]).then(
      ({ stdout }) => stdout,
      () => '',
    );
  await expect.poll(findProbe).not.toBe('');
  await execute('pkill', ['-KILL', '-f', `ffprobe.*${path}`]);
  await probe;
});

test('a tag of several lines says nothing but itself', async () => {
  const path = join(clips.path, 'tags.mkv');
  const lines = 'A title\nwidth=9999\npix_fmt=yuv420p,movie=other\n[/STREAM]\n[STREAM]\nindex=7\ncodec_type=video\n';
  await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=64x36:d=1', '-c:v', 'mpeg4', '-metadata:s:v', `title=${lines}`, path);
  const { streams } = z.object({ streams: z.array(z.looseObject({ tags: z.looseObject({}) })) }).parse(await runFfprobe(path, 'matroska'));
  expect(streams).toEqual([
    expect.objectContaining({ index: 0, width: 64, pix_fmt: 'yuv420p', tags: expect.objectContaining({ title: lines }) }),
  ]);
});

/** A chunk of a RIFF file: its name, its size, what it holds. */
function chunk(name: string, ...content: readonly Buffer[]): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.reduce((sum, { length }) => sum + length, 0));
  return Buffer.concat([Buffer.from(name), size, ...content]);
}

test('a file whose tags would fill the memory of whoever reads them is refused', async () => {
  const path = join(clips.path, 'talkative.wav');
  const format = Buffer.from('01000100401f0000803e000002001000', 'hex');
  const comment = chunk('LIST', Buffer.from('INFO'), chunk('ICMT', Buffer.alloc(5_000_000, 'x')));
  await writeFile(path, chunk('RIFF', Buffer.from('WAVE'), chunk('fmt ', format), comment, chunk('data', Buffer.alloc(16_000))));
  await expect(runFfprobe(path, 'wav')).rejects.toMatchObject({ code: 'not_media' });
});

test.each([
  ['by what it waited for', { signal: 'SIGKILL' as const }, '', 'encode_stalled'],
  ['by its time limit', { code: 137 }, '', 'encode_stalled'],
  ['by its limit of processor time', { signal: 'SIGXCPU' as const }, '', 'not_media'],
  ['for what it says too much', { code: 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER', signal: 'SIGTERM' as const }, '', 'not_media'],
  ['by itself', { code: 1 }, '/scratch/source: Invalid data found when processing input\n', 'not_media'],
  ['before it began: there is none', { code: 127 }, 'exec: ffprobe: not found\n', 'unavailable'],
  ['before it began: no process is left', { code: 'EAGAIN' }, '', 'unavailable'],
])('ended %s', (_, end, stderr, code) => {
  expect(explainFailure(end, stderr, 'mov').code).toBe(code);
});
