import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough, type Readable } from 'node:stream';
import { findSparePort } from '@mediaflow/platform/testing/spare-port';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createClipFolder } from './testing/clips.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

/** With an IPC channel, as the launcher starts it; everything it says comes from one stream. */
function startProcess(env: Readonly<Record<string, string>>): { readonly child: ChildProcess; readonly output: Readable } {
  const main = new URL('./main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--experimental-strip-types', '--no-warnings', main], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output = new PassThrough();
  child.stdout?.pipe(output, { end: false });
  child.stderr?.pipe(output, { end: false });
  return { child, output };
}

const environment = async () => ({
  // biome-ignore lint/style/noProcessEnv: the worker finds ffmpeg on the caller's path
  PATH: process.env.PATH ?? '',
  PORT: String(await findSparePort()),
  REDIS_URL: `${inject('redisUrl')}/11`,
  STORE_DIR: join(clips.path, 'store'),
  WORK_DIR: join(clips.path, 'work'),
});

test.each([
  ['SIGTERM', (child: ChildProcess) => void child.kill('SIGTERM')],
  ['its parent is gone', (child: ChildProcess) => child.disconnect()],
])('stops cleanly when %s, and leaves no scratch', async (_, end) => {
  const { child, output } = startProcess(await environment());
  const exited = once(child, 'exit');
  for await (const line of createInterface(output)) if (line.includes('worker started')) break;
  end(child);
  expect(await exited).toEqual([0, null]);
  expect(await readdir(join(clips.path, 'work'))).toEqual([]);
});

test('a configuration that cannot work is refused at once, with every fault', async () => {
  const { child, output } = startProcess({ PATH: (await environment()).PATH, STORE: 's3' });
  const said: string[] = [];
  output.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const [code] = await once(child, 'exit');
  expect(code).not.toBe(0);
  expect(said.join('')).toContain('REDIS_URL');
});
