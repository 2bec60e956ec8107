import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createClipFolder, ffmpeg } from '../testing/clips.ts';
import { findFfmpeg } from '../testing/worker-process.ts';
import type { FfmpegCommand } from './command.ts';
import { runFfmpeg } from './run.ts';
import { createStderrLog } from './stderr-log.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
  await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=2', '-c:v', 'mpeg4', join(clips.path, 'clip.mp4'));
});
afterAll(() => clips.remove());

/** Encodes at the clip's own pace, over and over, until somebody ends it; `marker` finds its process. */
const endless = (marker: string): FfmpegCommand => ({
  inputOptions: ['-re', '-stream_loop', '-1', '-f', 'mov'],
  inputPath: join(clips.path, 'clip.mp4'),
  filters: [],
  outputs: [{ options: ['-metadata', `comment=${marker}`, '-f', 'null'], path: '/dev/null' }],
});

/** Command lines of ffmpeg processes that carry the marker. */
async function findRunning(marker: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'args']);
  return stdout.split('\n').filter((line) => line.startsWith('ffmpeg') && line.includes(marker));
}

/** The pid of the ffmpeg that carries the marker, once it runs. Never 0, by which a signal would reach every process of the run. */
async function ffmpegWith(marker: string): Promise<number> {
  for (;;) {
    const pid = await findFfmpeg(process.pid, `comment=${marker}`);
    if (pid !== undefined) return pid;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}

const never = new AbortController().signal;

test('a failure keeps the command, the exit code and the tail of what ffmpeg said', async () => {
  const command: FfmpegCommand = {
    inputOptions: ['-f', 'mov'],
    inputPath: '/nowhere',
    filters: [],
    outputs: [{ options: ['-f', 'null'], path: '/dev/null' }],
  };
  await expect(runFfmpeg(command, { signal: never })).rejects.toMatchObject({
    code: 'encode_failed',
    details: { argv: expect.stringContaining('-nostdin'), exitCode: 1, stderrTail: expect.stringContaining('No such file or directory') },
  });
});

test.runIf(process.platform === 'linux')('a full disk is told from a failure of the video', async () => {
  // The device that answers every write as a full disk does (full(4)).
  const command: FfmpegCommand = {
    inputOptions: ['-f', 'mov'],
    inputPath: join(clips.path, 'clip.mp4'),
    filters: [],
    outputs: [{ options: ['-c', 'copy', '-f', 'mpegts'], path: '/dev/full' }],
  };
  await expect(runFfmpeg(command, { signal: never })).rejects.toMatchObject({
    code: 'scratch_full',
    isOutage: true,
    details: { stderrTail: expect.stringContaining('No space left on device') },
  });
});

test.runIf(process.platform === 'linux')('one that the kernel kills for its memory may be tried again', async () => {
  const running = runFfmpeg(endless('killed'), { signal: never });
  running.catch(() => undefined);
  process.kill(await ffmpegWith('killed'), 'SIGKILL');
  await expect(running).rejects.toMatchObject({ code: 'encode_failed', isRetryable: true, details: { signal: 'SIGKILL' } });
});

test.runIf(process.platform === 'linux')('gives way when nobody waits for it any more, with all its threads', async () => {
  const [stop, leaving] = [new AbortController(), new AbortController()];
  const running = runFfmpeg(endless('left'), { signal: stop.signal, yielding: { when: leaving.signal, niceness: 10 } });
  running.catch(() => undefined);
  const pid = await ffmpegWith('left');
  const niceness = async (): Promise<readonly string[]> => {
    const { stdout } = await promisify(execFile)('ps', ['-L', '-o', 'ni=', '-p', String(pid)]);
    return [...new Set(stdout.trim().split(/\s+/))];
  };
  // ffmpeg starts its threads one after the other.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await niceness()).toEqual(['0']);
  leaving.abort();
  await expect.poll(niceness).toEqual(['10']);
  stop.abort(new Error('enough'));
  await expect(running).rejects.toThrow('enough');
});

test('scales to the pictures that ffmpeg makes by itself, whatever instructions it is kept from', async () => {
  // Widths in multiples of 16, where they would be used.
  const scaled = ['-vf', 'scale=80:48', '-f', 'framemd5'];
  const [ours, plain] = [join(clips.path, 'ours.md5'), join(clips.path, 'plain.md5')];
  const inputPath = join(clips.path, 'clip.mp4');
  await runFfmpeg({ inputOptions: ['-f', 'mov'], inputPath, filters: [], outputs: [{ options: scaled, path: ours }] }, { signal: never });
  await ffmpeg('-i', inputPath, ...scaled, plain);
  expect(await readFile(ours, 'utf8')).toBe(await readFile(plain, 'utf8'));
});

test('says how far it came', async () => {
  const command: FfmpegCommand = { ...endless('measured'), inputOptions: ['-f', 'mov'] };
  expect(await runFfmpeg(command, { signal: never })).toEqual({ endSeconds: expect.closeTo(2, 1), messages: '' });
});

test('an abort ends the process and rejects with its reason', async () => {
  const abort = new AbortController();
  const running = runFfmpeg(endless('aborted'), { signal: abort.signal });
  running.catch(() => undefined);
  await until(async () => (await findRunning('aborted')).length > 0);
  abort.abort(new Error('stop now'));
  await expect(running).rejects.toThrow('stop now');
  expect(await findRunning('aborted')).toEqual([]);
});

test('an abort before the start starts nothing', async () => {
  expect(() => runFfmpeg(endless('unborn'), { signal: AbortSignal.abort(new Error('too late')) })).toThrow('too late');
  expect(await findRunning('unborn')).toEqual([]);
});

test('a run that moves nothing is ended', async () => {
  // Nothing is ever written: the filter drops every picture.
  const command: FfmpegCommand = { ...endless('stalled'), filters: ["[0:0]select='0'[out]"] };
  const silent = { ...command, outputs: [{ options: ['-map', '[out]', '-metadata', 'comment=stalled', '-f', 'null'], path: '/dev/null' }] };
  await expect(runFfmpeg(silent, { signal: never, stallTimeoutMs: 1_500 })).rejects.toMatchObject({ code: 'encode_stalled' });
  expect(await findRunning('stalled')).toEqual([]);
});

test.runIf(process.platform === 'linux')('a background run that is frozen is ended, however busy the machine is', async () => {
  const running = runFfmpeg(endless('frozen'), { signal: never, niceness: 19, stallTimeoutMs: 5_000 });
  running.catch(() => undefined);
  process.kill(await ffmpegWith('frozen'), 'SIGSTOP');
  await expect(running).rejects.toMatchObject({ code: 'encode_stalled' });
  expect(await findRunning('frozen')).toEqual([]);
});

test.runIf(process.platform === 'linux')('ffmpeg dies with its worker, even by kill -9', async () => {
  const script = `
    import { runFfmpeg } from ${JSON.stringify(new URL('./run.ts', import.meta.url).href)};
    await runFfmpeg(${JSON.stringify(endless('orphan'))}, { signal: new AbortController().signal });
  `;
  const worker = spawn(process.execPath, ['--experimental-strip-types', '--input-type=module', '-e', script], { stdio: 'ignore' });
  await until(async () => (await findRunning('orphan')).length > 0);
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  await until(async () => (await findRunning('orphan')).length === 0);
});

test.runIf(process.platform === 'linux')('ffmpeg is told none of its worker’s secrets', async () => {
  vi.stubEnv('MEDIAFLOW_SECRET', 'not for ffmpeg');
  const abort = new AbortController();
  const running = runFfmpeg(endless('poor'), { signal: abort.signal });
  running.catch(() => undefined);
  try {
    const environment = await readFile(`/proc/${await ffmpegWith('poor')}/environ`, 'utf8');
    const names = environment.split('\0').flatMap((entry) => entry.split('=')[0] || []);
    expect(names.filter((name) => name !== 'LD_LIBRARY_PATH')).toEqual(['PATH', 'LC_ALL']);
  } finally {
    vi.unstubAllEnvs();
    abort.abort(new Error('enough'));
  }
  await expect(running).rejects.toThrow('enough');
});

test.runIf(process.platform === 'linux')('a copy of a whole source may have its size; any other output is bounded', async () => {
  const largestFile = async (marker: string, isCopy: boolean): Promise<string | undefined> => {
    const abort = new AbortController();
    const running = runFfmpeg({ ...endless(marker), isCopy }, { signal: abort.signal });
    running.catch(() => undefined);
    const limits = await readFile(`/proc/${await ffmpegWith(marker)}/limits`, 'utf8');
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    return /^Max file size +(\S+)/m.exec(limits)?.[1];
  };
  expect(await largestFile('bounded', false)).toBe('8589934592');
  expect(await largestFile('copied', true)).toBe('unlimited');
});

test('one module alone starts the binaries', async () => {
  const root = new URL('..', import.meta.url).pathname;
  const files = (await readdir(root, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('testing'),
  );
  const starters = await Promise.all(
    files.map(async (name) => (/from '(?:fluent-ffmpeg|node:child_process)'/.test(await readFile(join(root, name), 'utf8')) ? [name] : [])),
  );
  expect(starters.flat().toSorted()).toEqual(['ffmpeg/run-ffprobe.ts', 'ffmpeg/run.ts']);
});

describe('the log of stderr', () => {
  test('tells progress from repetition', () => {
    const log = createStderrLog();
    expect(log.append('frame=    1 fps=0.0 q=0.0 size=       0kB time=00:00:00.04 bitrate=N/A speed=0.1x')).toBe(true);
    expect(log.append('frame=    1 fps=0.0 q=0.0 size=       0kB time=00:00:00.04 bitrate=N/A speed=0.01x')).toBe(false);
    expect(log.append('frame=    2 fps=0.0 q=0.0 size=       0kB time=01:01:01.50 bitrate=N/A speed=0.01x')).toBe(true);
    expect(log.positionSeconds()).toBe(3661.5);
    expect(log.tail()).toBe('');
  });

  test('keeps the last 8 kB, whatever is thrown at it', () => {
    const log = createStderrLog();
    for (let line = 0; line < 10_000; line += 1) log.append(`error ${line} ${'x'.repeat(100)}`);
    log.append('y'.repeat(1_000_000));
    expect(log.tail().length).toBeLessThanOrEqual(8 * 1024);
    expect(log.tail()).toContain('error 9999');
    expect(log.tail()).not.toContain('error 1 ');
  });
});
