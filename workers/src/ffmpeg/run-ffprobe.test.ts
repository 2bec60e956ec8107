import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClipFolder } from '../testing/clips.ts';
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

test.each([
  ['by what it waited for', 'ffprobe was killed with signal SIGKILL\n', 'encode_stalled'],
  ['by its time limit', 'ffprobe exited with code 137\n', 'encode_stalled'],
  ['by its limit of processor time', 'ffprobe was killed with signal SIGXCPU\n', 'not_media'],
  ['by itself', 'ffprobe exited with code 1\n/scratch/source: Invalid data found when processing input\n', 'not_media'],
])('ended %s', (_, message, code) => {
  expect(explainFailure(message, 'mov').code).toBe(code);
});
