import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isErrno } from '../files/private-file.ts';
import { commandOf, isAlive, listPids, workingDirectoryOf } from '../process/proc.ts';
import { clearLeftover } from '../services/postgres-leftover.ts';

/**
 * In the environment of everything the launcher starts, and so of everything that starts in turn (ffmpeg, workerd): the data folder
 * it works for. What a killed launcher left is found by it, without any record that could be stale.
 */
export const OWNER_VARIABLE = 'MEDIAFLOW_OWNER';

const GRACE_MS = 15_000;

/** What `/proc` says of a process. */
export interface ProcessView {
  readonly owner: string | undefined;
  readonly cwd: string | undefined;
  readonly command: string | undefined;
}

/** Postgres and Redis write their status over their environment, but stay in their data folder. */
export function isOrphan({ owner, cwd, command }: ProcessView, dataDir: string): boolean {
  if (owner === dataDir) return true;
  const isServer = (name: string, folder: string) => cwd === join(dataDir, folder) && command?.includes(name) === true;
  return isServer('postgres', 'postgres/cluster') || isServer('redis-server', 'redis');
}

/** Linux only; elsewhere our Node children notice by themselves that their parent is gone. */
export function findOrphans(dataDir: string): readonly number[] {
  return listPids().filter((pid) => {
    const view = { owner: ownerOf(pid), cwd: workingDirectoryOf(pid), command: commandOf(pid) };
    return pid !== process.pid && isOrphan(view, dataDir) && isAlive(pid);
  });
}

/** Ends what a killed launcher left of `dataDir`: gently, so that Redis and Postgres save, then not. Resolves to how many there were. */
export async function stopOrphans(dataDir: string): Promise<number> {
  // Postgres runs as another user, whose processes root cannot look into where it is confined (a container).
  const [count] = await Promise.all([stopMarked(dataDir), clearLeftover(join(dataDir, 'postgres/cluster'))]);
  return count;
}

async function stopMarked(dataDir: string): Promise<number> {
  const found = findOrphans(dataDir);
  for (const pid of found) signal(pid, 'SIGTERM');
  const deadline = Date.now() + GRACE_MS;
  for (let left = found; left.length > 0; left = findOrphans(dataDir)) {
    if (Date.now() > deadline) for (const pid of left) signal(pid, 'SIGKILL');
    await delay(50);
  }
  return found.length;
}

function ownerOf(pid: number): string | undefined {
  try {
    return parseOwner(readFileSync(`/proc/${pid}/environ`, 'utf8'));
  } catch {
    // Gone, or another user's.
    return undefined;
  }
}

export function parseOwner(environ: string): string | undefined {
  const prefix = `${OWNER_VARIABLE}=`;
  return environ
    .split('\0')
    .find((entry) => entry.startsWith(prefix))
    ?.slice(prefix.length);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!isErrno(error, 'ESRCH')) throw error;
  }
}
