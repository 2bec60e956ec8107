import { readdirSync, readFileSync } from 'node:fs';

/** Of /proc's clock; fixed by Linux for all that programs see (times(2), USER_HZ). */
const TICKS_PER_SECOND = 100;
/** A run that had this part of a core, and still got nowhere, is stuck; with less it may simply be slow. */
const FAIR_SHARE = 0.25;

/** What a process had of the processor, to be looked at again later. Undefined where there is no /proc to tell. */
export interface CpuReading {
  readonly cpuSeconds: number;
  /** Some thread would run if it were given a core. One that is stopped, locked or waits for anything else would not. */
  readonly isRunnable: boolean;
}

export function readCpu(pid: number | undefined): CpuReading | undefined {
  if (pid === undefined) return undefined;
  try {
    const [, , , , , , , , , , , userTicks, systemTicks] = readStat(`/proc/${pid}/stat`);
    const isRunnable = readdirSync(`/proc/${pid}/task`).some((thread) => readStat(`/proc/${pid}/task/${thread}/stat`)[0] === 'R');
    return { cpuSeconds: (Number(userTicks) + Number(systemTicks)) / TICKS_PER_SECOND, isRunnable };
  } catch {
    return undefined;
  }
}

/** The fields from the state on (proc(5), number 3). The name before it may hold anything, brackets too. */
function readStat(path: string): readonly string[] {
  const stat = readFileSync(path, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Whether a process made no progress for `seconds` because others had the processor. Pure. */
export function isStarved(before: CpuReading | undefined, now: CpuReading | undefined, seconds: number): boolean {
  if (now === undefined) return false;
  return now.isRunnable && now.cpuSeconds - (before?.cpuSeconds ?? 0) < FAIR_SHARE * seconds;
}
