import { randomBytes } from 'node:crypto';
import { link, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import { z } from 'zod';
import { isErrno, readFileIfExists } from '../files/private-file.ts';
import { isAlive, startTimeOf } from '../process/proc.ts';

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

const lockPath = (dataDir: string): string => join(dataDir, 'launcher.json');

/** The live holder, or undefined. */
export async function findHolder(dataDir: string): Promise<LockHolder | undefined> {
  const holder = parseHolder(await readFileIfExists(lockPath(dataDir)));
  return holder !== undefined && isHeld(holder, factsOf(holder.pid)) ? holder : undefined;
}

/**
 * Takes the data folder for this process, also from a holder that was killed. Throws `conflict` naming the pid of a
 * live one.
 */
export async function acquireLock(dataDir: string, settings: Pick<LockHolder, 'portBase' | 'workers'>): Promise<Lock> {
  const path = lockPath(dataDir);
  const own: LockHolder = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '', ...settings };
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    while (!(await tryLink(draft, path))) await removeStale(path);
  } finally {
    await rm(draft, { force: true });
  }
  return { release: () => rm(path, { force: true }) };
}

/** `link` creates whole and fails when the name exists: two starters cannot both succeed. */
async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Moves the lock aside before judging what was moved, so that a lock taken meanwhile by another starter is put back and never lost. */
async function removeStale(path: string): Promise<void> {
  refuseIfHeld(parseHolder(await readFileIfExists(path)));
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return;
    throw error;
  }
  try {
    refuseIfHeld(parseHolder(await readFileIfExists(aside)));
  } catch (error) {
    await tryLink(aside, path);
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

function refuseIfHeld(holder: LockHolder | undefined): void {
  if (holder === undefined || !isHeld(holder, factsOf(holder.pid))) return;
  throw new AppError('conflict', `MediaFlow is already running on this data folder (pid ${holder.pid}). Stop it with: ./mediaflow down`);
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
