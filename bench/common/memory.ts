import { readFileSync } from 'node:fs';

const SAMPLE_MS = 50;

/** Resident memory of a process in bytes, as Linux counts it; undefined on systems without /proc. */
export function readRssBytes(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

/** The value of `work`, and the most memory that the process held while it ran. */
export async function watchPeakRss<T>(pid: number, work: () => Promise<T>): Promise<{ value: T; peakBytes: number }> {
  let peakBytes = readRssBytes(pid) ?? 0;
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, readRssBytes(pid) ?? 0);
  }, SAMPLE_MS);
  try {
    const value = await work();
    return { value, peakBytes };
  } finally {
    clearInterval(timer);
  }
}
