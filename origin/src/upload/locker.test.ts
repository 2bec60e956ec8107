import { expect, test, vi } from 'vitest';
import { createLocker, LOCKED } from './locker.ts';

const never = new AbortController().signal;

test('a second writer asks the first to make way and waits until it has', async () => {
  const locker = createLocker(60_000);
  const release = vi.fn();
  const [first, second] = [locker.newLock('a'), locker.newLock('a')];
  await first.lock(never, release);
  let isSecond = false;
  const waiting = second
    .lock(never, () => undefined)
    .then(() => {
      isSecond = true;
    });
  expect(release).toHaveBeenCalledOnce();
  await Promise.resolve();
  expect(isSecond).toBe(false);
  await first.unlock();
  await waiting;
  expect(isSecond).toBe(true);
});

test('waiters take turns in order, and other ids do not wait', async () => {
  const locker = createLocker(60_000);
  const order: number[] = [];
  await Promise.all([1, 2, 3].map((number) => locker.withLock('a', async () => void order.push(number))));
  expect(order).toEqual([1, 2, 3]);
  await locker.withLock('a', () => locker.withLock('b', async () => undefined));
});

test('who waits too long is told 423 and leaves the queue', async () => {
  const locker = createLocker(1);
  const first = locker.newLock('a');
  await first.lock(never, () => undefined);
  await expect(locker.withLock('a', async () => 'in')).rejects.toBe(LOCKED);
  await first.unlock();
  expect(await locker.withLock('a', async () => 'in')).toBe('in');
});

test('a client that goes away leaves the queue', async () => {
  const locker = createLocker(60_000);
  const first = locker.newLock('a');
  await first.lock(never, () => undefined);
  const abort = new AbortController();
  const waiting = locker.newLock('a').lock(abort.signal, () => undefined);
  abort.abort();
  await expect(waiting).rejects.toBe(LOCKED);
  await expect(locker.newLock('a').lock(abort.signal, () => undefined)).rejects.toBe(LOCKED);
});

test('a task that fails gives the lock back', async () => {
  const locker = createLocker(1_000);
  await expect(
    locker.withLock('a', async () => {
      throw new Error('task');
    }),
  ).rejects.toThrow('task');
  expect(await locker.withFreeLock('a', async () => 'free')).toBe('free');
});

test('who only takes a free lock disturbs nobody', async () => {
  const locker = createLocker(1_000);
  const release = vi.fn();
  await locker.newLock('a').lock(never, release);
  expect(await locker.withFreeLock('a', async () => 'free')).toBeUndefined();
  expect(release).not.toHaveBeenCalled();
});
