import { afterEach, expect, it, vi } from 'vitest';
import { Coalescer } from './coalesce.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('runs once for all who come while it runs, and again for who comes after', async () => {
  const coalescer = new Coalescer<number>();
  let runs = 0;
  const run = () =>
    coalescer.run(
      'key',
      () => undefined,
      async () => ++runs,
    );
  expect(await Promise.all([run(), run(), run()])).toEqual([1, 1, 1]);
  expect(await run()).toBe(2);
});

it('keeps the work alive for the others when its own request ends', async () => {
  const kept: Promise<unknown>[] = [];
  const failing = new Coalescer<number>().run(
    'key',
    (work) => kept.push(work),
    () => Promise.reject(new Error('away')),
  );
  await expect(failing).rejects.toThrow('away');
  // What is kept alive must not fail a second time, unheard.
  expect(await Promise.all(kept)).toEqual([undefined]);
});

it('ends the work of a requester who leaves alone', async () => {
  const coalescer = new Coalescer<string>();
  let hasLeft = false;
  const work = (signal: AbortSignal): Promise<string> =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))));
  const left = coalescer.run(
    'key',
    () => undefined,
    work,
    () => hasLeft,
  );
  hasLeft = true;
  await expect(left).rejects.toThrow('ended');
  // Who comes afterwards starts anew.
  expect(
    await coalescer.run(
      'key',
      () => undefined,
      async () => 'new',
    ),
  ).toBe('new');
});

it('goes on for those who have joined one who leaves', async () => {
  const coalescer = new Coalescer<string>();
  vi.useFakeTimers();
  const { promise, resolve } = Promise.withResolvers<string>();
  const signals: AbortSignal[] = [];
  const work = (signal: AbortSignal): Promise<string> => {
    signals.push(signal);
    return promise;
  };
  void coalescer.run(
    'key',
    () => undefined,
    work,
    () => true,
  );
  const joined = coalescer.run('key', () => undefined, work);
  await vi.advanceTimersByTimeAsync(1_000);
  resolve('done');
  expect(await joined).toBe('done');
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});

it('does the work itself when the one it waits for never ends', async () => {
  vi.useFakeTimers();
  const coalescer = new Coalescer<string>();
  void coalescer.run(
    'key',
    () => undefined,
    () => new Promise(() => undefined),
  );
  const second = coalescer.run(
    'key',
    () => undefined,
    async () => 'mine',
  );
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await second).toBe('mine');
});

it('waits as long as the work may take', async () => {
  vi.useFakeTimers();
  const coalescer = new Coalescer<string>(20_000);
  const start = vi.fn(async () => {
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    return 'made';
  });
  const both = [1, 2].map(() => coalescer.run('key', () => undefined, start));
  await vi.advanceTimersByTimeAsync(15_000);
  expect(await Promise.all(both)).toEqual(['made', 'made']);
  expect(start).toHaveBeenCalledTimes(1);
});
