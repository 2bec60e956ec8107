import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { findSparePort } from '@mediaflow/platform/testing/spare-port';

/** A worker to be killed and frozen: a process of its own, as the launcher starts it. */
export interface WorkerProcess {
  readonly pid: number;
  readonly port: number;
  /** All that it has said. */
  output(): string;
  signal(name: NodeJS.Signals): void;
  /** The pid of an ffmpeg that works for it now. */
  findFfmpeg(): Promise<number | undefined>;
  /** Exit code and signal of its end. */
  readonly ended: Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>;
}

export async function startWorkerProcess(env: Readonly<Record<string, string>>): Promise<WorkerProcess> {
  const port = await findSparePort();
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ['--experimental-strip-types', '--no-warnings', main], {
    // biome-ignore lint/style/noProcessEnv: the worker finds ffmpeg on the caller's path
    env: { PATH: process.env.PATH ?? '', PORT: String(port), MIN_FREE_SCRATCH_BYTES: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const { promise: started, resolve: start, reject: fail } = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('worker started')) start();
    });
  }
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  ended.then(() => fail(new Error(`The worker did not start:\n${said}`)));
  await started;
  const { pid } = child;
  if (pid === undefined) throw new Error('The worker has no process.');
  return {
    pid,
    port,
    output: () => said,
    signal: (name) => void child.kill(name),
    findFfmpeg: () => findFfmpeg(pid, '/sources/'),
    ended,
  };
}

/**
 * By its parent, its name and a part of its command line, such as the folder of staged sources: neither a wrapper that is about to
 * become ffmpeg counts, nor the runs by which a worker finds out, at its start, which ffmpeg it has.
 */
export async function findFfmpeg(parent: number, argument: string): Promise<number | undefined> {
  for (const pid of (await readdir('/proc')).map(Number).filter(Number.isInteger)) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // "pid (name) state ppid …" (proc(5)).
    const [, name, state, ppid] = /^\d+ \((.*)\) (\S) (\d+)/.exec(stat) ?? [];
    if (name !== 'ffmpeg' || state === 'Z' || Number(ppid) !== parent) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(argument)) return pid;
  }
  return undefined;
}
