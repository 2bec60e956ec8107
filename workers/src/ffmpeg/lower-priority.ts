import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Lowers a running process's priority. On Linux each thread has its own, and gives it to those that it starts (sched(7)). */
export function lowerPriority(pid: number | undefined, niceness: number): void {
  if (pid === undefined) return;
  for (const thread of threadsOf(pid)) {
    try {
      setPriority(thread, niceness);
    } catch {
      // It has just ended.
    }
  }
}

function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [pid];
  }
}
