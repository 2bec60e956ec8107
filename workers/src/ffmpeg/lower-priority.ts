import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/**
 * Lowers a running process's priority to `niceness` below this one's own, as `nice` starts it: counted from 0, a worker that an operator
 * made nice would raise it. On Linux each thread has its own, and gives it to those that it starts (sched(7)).
 */
export function lowerPriority(pid: number | undefined, niceness: number): void {
  if (pid === undefined) return;
  const lowered = Math.min(getPriority() + niceness, constants.priority.PRIORITY_LOW);
  for (const thread of threadsOf(pid)) {
    try {
      setPriority(thread, lowered);
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
