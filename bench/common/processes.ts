import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const SAMPLE_MS = 20;
/** What `/proc/{pid}/stat` counts in: USER_HZ, 100 on every Linux of today. */
export const TICKS_PER_SECOND = 100;

export interface ProcessTotals {
  /** CPU seconds, user and system, of every process seen. */
  readonly cpuSeconds: number;
  readonly processCount: number;
  /** The largest resident memory of one process, in bytes (VmHWM). */
  readonly peakRssBytes: number;
}

interface Seen {
  ticks: number;
  peakRssBytes: number;
}

/**
 * Watches the ffmpeg processes of one platform, told by the mark that its launcher leaves in their environment. What a process used
 * in its last 20 ms is missed, and so is one that lives no longer; a killed one counts as well.
 */
export function watchEncoders(dataDir: string): { stop(): ProcessTotals } {
  const seen = new Map<string, Seen>();
  const foreign = new Set<string>();
  const sample = (): void => {
    for (const pid of readdirSync('/proc')) {
      if (/^\d+$/.test(pid)) sampleProcess(pid, dataDir, seen, foreign);
    }
  };
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    stop() {
      sample();
      clearInterval(timer);
      const all = [...seen.values()];
      return {
        cpuSeconds: all.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND,
        processCount: all.length,
        peakRssBytes: Math.max(0, ...all.map(({ peakRssBytes }) => peakRssBytes)),
      };
    },
  };
}

function sampleProcess(pid: string, dataDir: string, seen: Map<string, Seen>, foreign: Set<string>): void {
  try {
    const { ticks, startTime } = parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    const id = `${pid} ${startTime}`;
    if (foreign.has(id)) return;
    if (!seen.has(id)) {
      // A process that is about to become ffmpeg is looked at again.
      if (!/\/ff(?:mpeg|probe)$/.test(readlinkSync(`/proc/${pid}/exe`))) return;
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`MEDIAFLOW_OWNER=${dataDir}`)) {
        foreign.add(id);
        return;
      }
    }
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    seen.set(id, { ticks, peakRssBytes: Math.max(seen.get(id)?.peakRssBytes ?? 0, Number(kilobytes ?? 0) * 1024) });
  } catch {
    // Gone meanwhile, or a kernel thread.
  }
}

/** The command's name may hold spaces and parentheses, so fields count from the last one: 14 and 15 are times, 22 is the start (proc(5)). */
export function parseStat(stat: string): { readonly ticks: number; readonly startTime: string; readonly childTicks: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const tick = (field: number): number => Number(fields[field - 3] ?? 0);
  return { ticks: tick(14) + tick(15), childTicks: tick(16) + tick(17), startTime: fields[22 - 3] ?? '' };
}
