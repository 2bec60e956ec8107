import { createLog } from '@mediaflow/platform/log';
import { expect, test } from 'vitest';
import { runPeriodically } from './periodic.ts';
import { createWaker } from './waker.ts';

const log = createLog('test', 'silent');
const HOUR_MS = 3_600_000;

test('a task runs at once, never twice at a time, and once more for any number of kicks', async () => {
  let running = 0;
  let runs = 0;
  const gates: (() => void)[] = [];
  const periodic = runPeriodically(
    'task',
    HOUR_MS,
    async () => {
      running += 1;
      runs += 1;
      expect(running).toBe(1);
      await new Promise<void>((resolve) => gates.push(resolve));
      running -= 1;
    },
    log,
  );
  periodic.kick();
  periodic.kick();
  gates.shift()?.();
  await expect.poll(() => runs).toBe(2);
  const closed = periodic.close();
  periodic.kick();
  gates.shift()?.();
  await closed;
  expect(runs).toBe(2);
});

test('a task that fails runs again', async () => {
  let runs = 0;
  const periodic = runPeriodically(
    'task',
    HOUR_MS,
    async () => {
      runs += 1;
      throw new Error('task');
    },
    log,
  );
  await expect.poll(() => runs).toBe(1);
  await expect
    .poll(() => {
      periodic.kick();
      return runs;
    })
    .toBeGreaterThan(1);
  await periodic.close();
});

test('a waker remembers that it was woken, once', async () => {
  const waker = createWaker();
  waker.wake();
  waker.wake();
  expect(await waker.next(HOUR_MS)).toBe(true);
  expect(await waker.next(1)).toBe(false);
  const next = waker.next(HOUR_MS);
  waker.wake();
  expect(await next).toBe(true);
});
