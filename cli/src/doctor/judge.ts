import { formatBytes } from '../ui/units.ts';

/** A verdict over plain facts. */
export interface Finding {
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly finding: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** The ladder and the sources that people have need at least this. */
const NEEDED_ENCODERS = ['libx264', 'aac', 'mjpeg'] as const;
const OLDEST_FFMPEG = 5;
const LOW_DISK_BYTES = 10e9;
const NO_DISK_BYTES = 1e9;

export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12)) return { verdict: 'ok', finding: version };
  return { verdict: 'fail', finding: version, remedy: 'Node.js 22.12 or newer is needed' };
}

/** `versionText` of `ffmpeg -version`, `encoderText` of `ffmpeg -encoders`: ` V....D libx264   description`. */
export function judgeEncoders(versionText: string, encoderText: string): Finding {
  const version = /^ffmpeg version (\S+)/.exec(versionText)?.[1] ?? 'unknown version';
  const encoders = new Set(encoderText.split('\n').map((line) => line.trim().split(/\s+/)[1]));
  const missing = NEEDED_ENCODERS.filter((name) => !encoders.has(name));
  if (missing.length > 0) {
    return { verdict: 'fail', finding: `${version} without ${missing.join(', ')}`, remedy: 'install a full build of ffmpeg' };
  }
  const major = Number.parseInt(version.replace(/^n/, ''), 10);
  if (major < OLDEST_FFMPEG) return { verdict: 'warn', finding: version, remedy: `ffmpeg ${OLDEST_FFMPEG} or newer is tested` };
  return { verdict: 'ok', finding: `${version} with ${NEEDED_ENCODERS.join(', ')}` };
}

export function judgeDiskSpace(freeBytes: number): Finding {
  const finding = `${formatBytes(freeBytes)} free`;
  if (freeBytes < NO_DISK_BYTES) return { verdict: 'fail', finding, remedy: 'free some space, or put the data elsewhere with --data' };
  if (freeBytes < LOW_DISK_BYTES) return { verdict: 'warn', finding, remedy: 'a film and its ladder take about twice the source' };
  return { verdict: 'ok', finding };
}
