import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { isErrno } from '../files/private-file.ts';

/** A program to run, as plain data. */
export interface ChildSpec {
  /** For logs and people: `origin`, `worker-1`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Inherited when absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Run as somebody else; only root may. */
  readonly user?: SystemUser;
  /** What asks it to end. */
  readonly stopSignal: NodeJS.Signals;
  /** Milliseconds it may take to end before its whole process group is killed. */
  readonly stopGraceMs: number;
  /** Ours: gets an IPC channel, and ends by itself when its parent dies without a word. */
  readonly isNode?: boolean;
}

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly pid: number;
  /** Settles once, when the process has ended and its output is read; never rejects. */
  readonly exited: Promise<Exit>;
  /** Ends the process and everything it started. Resolves when all is gone; repeated calls are harmless. */
  stop(): Promise<Exit>;
  /** The same at once, for one that would not listen. */
  kill(): void;
}

export type LineSink = (line: string) => void;

const SETPRIV_PATHS = ['/usr/bin/setpriv', '/bin/setpriv'];

/**
 * Starts `spec` in a process group of its own, so that Ctrl-C in the terminal reaches the launcher alone, which then stops
 * everything in order, and so that whatever the program starts can be ended with it.
 * Throws when the program cannot be started at all.
 */
export async function startChild(spec: ChildSpec, onLine: LineSink): Promise<Child> {
  const { command, args } = withDeathSignal(spec, findSetpriv());
  const child = spawn(command, args, {
    cwd: spec.cwd,
    ...(spec.env !== undefined && { env: spec.env }),
    detached: true,
    stdio: spec.isNode ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    ...spec.user,
  });
  const pid = await spawned(child);
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) readLines(stream, onLine);
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  // What outlives its leader would hold ports and files against the next start.
  const gone = exited.then(async (exit) => {
    await killGroup(pid);
    return exit;
  });
  return { pid, exited: gone, stop: () => stop(spec, child, pid, gone), kill: () => void signalGroup(pid, 'SIGKILL') };
}

/**
 * The kernel passes `stopSignal` on when the launcher is killed; elsewhere the next start finds and ends what was left.
 * `setpriv` is part of util-linux.
 */
function withDeathSignal(spec: ChildSpec, setpriv: string | undefined): { command: string; args: string[] } {
  if (setpriv === undefined) return { command: spec.command, args: [...spec.args] };
  return { command: setpriv, args: ['--pdeathsig', spec.stopSignal.replace('SIG', ''), '--', spec.command, ...spec.args] };
}

function findSetpriv(): string | undefined {
  return process.platform === 'linux' ? SETPRIV_PATHS.find((path) => existsSync(path)) : undefined;
}

function spawned(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid as number));
  });
}

function readLines(stream: Readable, onLine: LineSink): void {
  createInterface({ input: stream }).on('line', onLine);
}

async function stop(spec: ChildSpec, child: ChildProcess, pid: number, gone: Promise<Exit>): Promise<Exit> {
  child.kill(spec.stopSignal);
  const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), spec.stopGraceMs);
  try {
    return await gone;
  } finally {
    clearTimeout(timer);
  }
}

/** Dead processes stay in the group until their parent takes note, which in some containers nobody does. */
const REAP_DEADLINE_MS = 1_000;

/** Resolves when the group is empty: a killed process holds its ports for a moment yet. */
async function killGroup(pid: number): Promise<void> {
  const deadline = Date.now() + REAP_DEADLINE_MS;
  while (signalGroup(pid, 'SIGKILL') && Date.now() < deadline) await delay(5);
}

/** To every process of the group; false when there is none. */
function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    if (isErrno(error, 'ESRCH')) return false;
    throw error;
  }
}
