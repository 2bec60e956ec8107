import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isErrno } from '../files/private-file.ts';

/** What `/proc` tells about a process. Elsewhere than on Linux, and for a process that is gone or not ours to see: undefined. */

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return statFields(pid)?.state !== 'Z';
  } catch (error) {
    // EPERM: somebody else's, but there.
    return isErrno(error, 'EPERM');
  }
}

/** Clock ticks from boot to the process's start: with the pid, the identity of a process across pid reuse. */
export function startTimeOf(pid: number): string | undefined {
  return statFields(pid)?.startTime;
}

export function workingDirectoryOf(pid: number): string | undefined {
  return attempt(() => readlinkSync(`/proc/${pid}/cwd`));
}

/** The command line with single spaces, cut where it gets long. */
export function commandOf(pid: number): string | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  return text?.replaceAll('\0', ' ').trim().slice(0, 100) || undefined;
}

/** The command line, an element each; empty for a process that is gone. */
export function argumentsOf(pid: number): readonly string[] {
  return attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.split('\0') ?? [];
}

/** Processes attached to a System V shared memory block (proc(5), `/proc/sysvipc/shm`: shmid is its second field, nattch its seventh). */
export function attachmentsOf(sharedMemoryId: number): number {
  const rows = attempt(() => readFileSync('/proc/sysvipc/shm', 'utf8'))?.split('\n') ?? [];
  const fields = rows.map((row) => row.trim().split(/\s+/)).find((row) => row[1] === String(sharedMemoryId));
  return Number(fields?.[6] ?? 0);
}

/** What the process's main thread has started and not outlived; empty where the kernel does not tell. */
export function childrenOf(pid: number): readonly number[] {
  const text = attempt(() => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')) ?? '';
  return text.split(' ').filter(Boolean).map(Number);
}

export function listPids(): readonly number[] {
  return (attempt(() => readdirSync('/proc')) ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** `/proc/{pid}/stat`, see proc(5): the name in parentheses may hold spaces, so fields are counted from its end. */
function statFields(pid: number): { state: string; startTime: string; groupId: number } | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, startTime, groupId] = [fields?.[0], fields?.[19], fields?.[2]];
  if (state === undefined || startTime === undefined || groupId === undefined) return undefined;
  return { state, startTime, groupId: Number(groupId) };
}

export function groupOf(pid: number): number | undefined {
  return statFields(pid)?.groupId;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
