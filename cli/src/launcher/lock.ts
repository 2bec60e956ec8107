import { randomBytes } from 'node:crypto';
import { link, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import { z } from 'zod';
import { isErrno, readFileIfExists, writePrivateFile } from '../files/private-file.ts';
import { isAlive, startTimeOf } from '../process/proc.ts';
import { commandLine } from '../ui/command-line.ts';

/** Who runs the platform of a data folder. */
const holderSchema = z.object({
  pid: z.number().int().positive(),
  /** Told apart from a later process of the same pid by this. */
  startTime: z.string(),
  portBase: z.number().int(),
  workers: z.number().int(),
});
export type LockHolder = Readonly<z.infer<typeof holderSchema>>;

export interface Lock {
  release(): Promise<void>;
}

/** What is known of the process that a lock names. */
export interface ProcessFacts {
  readonly isAlive: boolean;
  readonly startTime: string | undefined;
}

/** A lock holds as long as the very process that took it lives; a torn or foreign file holds nothing. */
export function isHeld(holder: LockHolder | undefined, facts: ProcessFacts): boolean {
  return holder !== undefined && facts.isAlive && facts.startTime === holder.startTime;
}

/**
 * A lock is a file of the next number, never of one used before, and the highest number counts. So a stale lock is not removed to be
 * replaced, which two starters could do to each other, but outnumbered: `link` lets one of them have the number.
 */
const LOCK_FILE = /^launcher\.(\d{1,15})\.json$/;
const lockPath = (dataDir: string, number: number): string => join(dataDir, `launcher.${number}.json`);

/** The live holder, or undefined. */
export async function findHolder(dataDir: string): Promise<LockHolder | undefined> {
  const [highest] = await listNumbers(dataDir);
  return highest === undefined ? undefined : liveHolderOf(lockPath(dataDir, highest));
}

/** Throws `conflict` naming the pid of a live holder. */
export async function expectNoHolder(dataDir: string): Promise<void> {
  const holder = await findHolder(dataDir);
  if (holder !== undefined) throw alreadyRunning(holder, dataDir);
}

const alreadyRunning = ({ pid }: LockHolder, dataDir: string): AppError =>
  new AppError('conflict', `MediaFlow is already running on this data folder (pid ${pid}). Stop it with: ${commandLine('down', dataDir)}`);

/**
 * Takes the data folder for this process, also from a holder that was killed. Throws `conflict` naming the pid of a
 * live one.
 */
export async function acquireLock(dataDir: string, settings: Pick<LockHolder, 'portBase' | 'workers'>): Promise<Lock> {
  const own: LockHolder = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '', ...settings };
  const draft = join(dataDir, `launcher.${randomBytes(6).toString('hex')}.draft`);
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    for (;;) {
      const path = await tryAcquire(dataDir, draft);
      if (path !== undefined) return await publish(dataDir, path, own);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** `launcher.json` is for people and scripts that want to know the pid; nothing here depends on it. */
async function publish(dataDir: string, path: string, own: LockHolder): Promise<Lock> {
  const notice = join(dataDir, 'launcher.json');
  await writePrivateFile(notice, JSON.stringify(own));
  return {
    async release() {
      await rm(notice, { force: true });
      // Emptied and not removed: its number must not come back.
      await writePrivateFile(path, '');
    },
  };
}

/** Path of the lock, or undefined when another starter was faster and the question is open again. */
async function tryAcquire(dataDir: string, draft: string): Promise<string | undefined> {
  const [highest = 0] = await listNumbers(dataDir);
  const holder = await liveHolderOf(lockPath(dataDir, highest));
  if (holder !== undefined) throw alreadyRunning(holder, dataDir);
  const path = lockPath(dataDir, highest + 1);
  if (!(await tryLink(draft, path))) return undefined;
  const [newest, ...older] = await listNumbers(dataDir);
  if (newest !== highest + 1) {
    await rm(path, { force: true });
    return undefined;
  }
  await Promise.all(older.map((number) => rm(lockPath(dataDir, number), { force: true })));
  return path;
}

/** Highest first. */
async function listNumbers(dataDir: string): Promise<readonly number[]> {
  const names = await readdir(dataDir).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
  return names
    .flatMap((name) => LOCK_FILE.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
}

/** Creates whole, and fails when the name exists. */
async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}

async function liveHolderOf(path: string): Promise<LockHolder | undefined> {
  const holder = parseHolder(await readFileIfExists(path));
  return holder !== undefined && isHeld(holder, factsOf(holder.pid)) ? holder : undefined;
}

function parseHolder(text: string | undefined): LockHolder | undefined {
  if (text === undefined) return undefined;
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function factsOf(pid: number): ProcessFacts {
  return { isAlive: isAlive(pid), startTime: startTimeOf(pid) ?? '' };
}
