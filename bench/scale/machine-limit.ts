import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Long enough that starting a process does not count. */
const ENCODED_SECONDS = 30;

/**
 * The best that two workers can do on this machine: wall time of two equal single-threaded encodes side by side, over that of both one
 * after the other. 0.5 where two cores share nothing; more where they share clock, cache, memory or a busy host.
 */
export async function measureMachineLimit(film: string): Promise<number> {
  const encode = () =>
    run('ffmpeg', [
      ...['-v', 'error', '-nostdin', '-threads', '1', '-filter_threads', '1', '-t', String(ENCODED_SECONDS), '-i', film, '-an'],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-threads', '1', '-f', 'null', '-'],
    ]);
  const inTurn = await time(async () => {
    await encode();
    await encode();
  });
  const together = await time(() => Promise.all([encode(), encode()]));
  return together / inTurn;
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
