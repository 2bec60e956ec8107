import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { type CpuReading, isStarved, readCpu } from './cpu-share.ts';

const reading = (cpuSeconds: number, isRunnable: boolean): CpuReading => ({ cpuSeconds, isRunnable });

test.each([
  { name: 'wants a core and got next to none', before: reading(5, true), now: reading(6, true), starved: true },
  { name: 'wants one, before anything was known of it', before: undefined, now: reading(1, true), starved: true },
  { name: 'spins', before: reading(5, true), now: reading(60, true), starved: false },
  { name: 'is stopped, or waits for a lock', before: reading(5, true), now: reading(5, false), starved: false },
  { name: 'is gone, or there is no /proc', before: reading(5, true), now: undefined, starved: false },
])('a run that $name: starved is $starved', ({ before, now, starved }) => {
  expect(isStarved(before, now, 60)).toBe(starved);
});

test.runIf(process.platform === 'linux')('tells a busy process from a stopped one', async () => {
  const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  try {
    await once(busy, 'spawn');
    while (!((readCpu(busy.pid)?.cpuSeconds ?? 0) > 0.1 && readCpu(busy.pid)?.isRunnable))
      await new Promise((next) => setTimeout(next, 20));
    busy.kill('SIGSTOP');
    while (readCpu(busy.pid)?.isRunnable) await new Promise((next) => setTimeout(next, 20));
    expect(readCpu(busy.pid)?.cpuSeconds).toBeGreaterThan(0.1);
  } finally {
    busy.kill('SIGKILL');
  }
  await once(busy, 'exit');
  expect(readCpu(busy.pid)).toBeUndefined();
});
