import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { isErrno } from '../files/private-file.ts';
import { commandOf, listPids } from '../process/proc.ts';
import type { NamedPort } from './port-plan.ts';

export interface TakenPort extends NamedPort {
  readonly owner?: PortOwner;
}

export interface PortOwner {
  readonly pid: number;
  readonly command: string;
}

/** Those of `ports` that cannot be listened on at 127.0.0.1, with whoever has them where the system tells us. */
export async function findTakenPorts(ports: readonly NamedPort[]): Promise<readonly TakenPort[]> {
  const checked = await Promise.all(ports.map(async (entry) => ({ ...entry, isFree: await isFree(entry.port) })));
  return checked
    .filter((entry) => !entry.isFree)
    .map(({ name, port }) => {
      const owner = findPortOwner(port);
      return { name, port, ...(owner !== undefined && { owner }) };
    });
}

export function describeTakenPorts(taken: readonly TakenPort[]): string {
  const lines = taken.map(({ name, port, owner }) => {
    const by = owner === undefined ? 'another program' : `pid ${owner.pid}: ${owner.command}`;
    return `  port ${port} (${name}) is taken by ${by}`;
  });
  return ['Cannot start:', ...lines, 'Stop what holds it, or choose other ports with --port-base N.'].join('\n');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (isErrno(error, 'EADDRINUSE') || isErrno(error, 'EACCES')) resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** The kernel lists listening sockets by inode, and each process's open sockets by the same inode: proc(5), `/proc/net/tcp`. */
export function findPortOwner(port: number): PortOwner | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => listeningInodes(readText(path), port)));
  if (inodes.size === 0) return undefined;
  for (const pid of listPids()) {
    if (holdsSocket(pid, inodes)) return { pid, command: commandOf(pid) ?? 'unknown' };
  }
  return undefined;
}

/** Columns: `sl local_address rem_address st …`, the tenth is the inode; state 0A is LISTEN. */
export function listeningInodes(table: string, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) && columns[3] === '0A')
    .flatMap((columns) => columns[9] ?? []);
}

function holdsSocket(pid: number, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readLink(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    // Gone meanwhile, or somebody else's.
    return false;
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
