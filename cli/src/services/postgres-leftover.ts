import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, listPids, workingDirectoryOf } from '../process/proc.ts';

const STOP_DEADLINE_MS = 30_000;

/**
 * What a killed server leaves: `postmaster.pid`, and for a moment its children. Postgres itself recognises a stale pid file, but not
 * one whose pid was given to another process since (usual after a restart of a container); and it must never start beside
 * children of its predecessor. Only Linux can tell; elsewhere Postgres decides.
 */
export async function clearLeftover(cluster: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const pidFile = join(cluster, 'postmaster.pid');
  const postmaster = await readPostmasterPid(pidFile);
  if (postmaster !== undefined && belongsTo(postmaster, cluster)) process.kill(postmaster, 'SIGINT');
  const deadline = Date.now() + STOP_DEADLINE_MS;
  while (listPids().some((pid) => belongsTo(pid, cluster))) {
    if (Date.now() > deadline) throw new Error(`Another Postgres is still at work in ${cluster}.`);
    await delay(50);
  }
  await rm(pidFile, { force: true });
}

function belongsTo(pid: number, cluster: string): boolean {
  return workingDirectoryOf(pid) === cluster && isAlive(pid);
}

async function readPostmasterPid(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return pid > 1 ? pid : undefined;
}
