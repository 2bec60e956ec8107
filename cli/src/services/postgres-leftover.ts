import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { argumentsOf, attachmentsOf, isAlive } from '../process/proc.ts';

const STOP_DEADLINE_MS = 30_000;

/** What a running or killed server says of itself in `postmaster.pid` (Postgres, miscadmin.h). */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  /** The shared memory block that it and its children are attached to; absent in a file cut short. */
  readonly sharedMemoryId: number | undefined;
}

/** Pure; undefined for a torn or foreign file. */
export function parsePostmasterFile(text: string): PostmasterFile | undefined {
  const lines = text.split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  const sharedMemoryId = Number(/^\s*\d+\s+(\d+)\s*$/.exec(lines[6] ?? '')?.[1] ?? Number.NaN);
  if (!Number.isInteger(pid) || pid <= 1 || !Number.isInteger(port) || port <= 0) return undefined;
  return { pid, port, sharedMemoryId: Number.isNaN(sharedMemoryId) ? undefined : sharedMemoryId };
}

/**
 * Ends what a killed launcher or server left of a cluster: a server that nobody watches, its children, `postmaster.pid`.
 * Postgres itself recognises a stale pid file, but not one whose pid was given to another process since (usual after a
 * restart of a container); and it refuses to start beside children of its predecessor. Told by what every process may
 * read: in a container root may not see another user's working directory. Only Linux can tell; elsewhere Postgres decides.
 */
export async function clearLeftover(cluster: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const path = join(cluster, 'postmaster.pid');
  const left = parsePostmasterFile(await readFile(path, 'utf8').catch(() => ''));
  if (left !== undefined) await endServer(left, cluster);
  await rm(path, { force: true });
}

async function endServer(left: PostmasterFile, cluster: string): Promise<void> {
  if (isPostmaster(left)) process.kill(left.pid, 'SIGINT');
  const deadline = Date.now() + STOP_DEADLINE_MS;
  while (isPostmaster(left) || (left.sharedMemoryId !== undefined && attachmentsOf(left.sharedMemoryId) > 0)) {
    if (Date.now() > deadline) throw new Error(`Another Postgres is still at work in ${cluster}.`);
    await delay(50);
  }
}

/** A port has one owner, so a `postgres` started for this one is the server in question. */
function isPostmaster({ pid, port }: PostmasterFile): boolean {
  const [command = '', ...args] = argumentsOf(pid);
  return command.endsWith('postgres') && args.includes(`port=${port}`) && isAlive(pid);
}
