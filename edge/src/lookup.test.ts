import { AppError } from '@mediaflow/shared/errors';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLookup } from './lookup.ts';

const waitUntil = (): void => undefined;

function createTestLookup(answers: Map<string, string>, maxEntries = 100) {
  const calls: string[] = [];
  let nowMs = 0;
  const lookup = createLookup<string>({
    load: async (key) => {
      calls.push(key);
      if (answers.get(key) === 'fail') throw new Error('away');
      return answers.get(key);
    },
    foundMs: () => 30_000,
    missingMs: 1_000,
    clock: { nowMs: () => nowMs },
    maxEntries,
  });
  return { calls, ask: (key: string) => lookup(key, waitUntil), setNowMs: (value: number) => (nowMs = value) };
}

it('remembers what was found and what was not, each for its own time', async () => {
  const answers = new Map([['a', 'A']]);
  const { ask, calls, setNowMs } = createTestLookup(answers);
  expect([await ask('a'), await ask('b'), await ask('a'), await ask('b')]).toEqual(['A', undefined, 'A', undefined]);
  expect(calls).toEqual(['a', 'b']);
  answers.set('b', 'B').delete('a');
  setNowMs(1_000);
  expect([await ask('a'), await ask('b')]).toEqual(['A', 'B']);
  setNowMs(30_000);
  expect(await ask('a')).toBeUndefined();
});

it('asks once for all who ask at the same time', async () => {
  const { ask, calls } = createTestLookup(new Map([['a', 'A']]));
  expect(await Promise.all(Array.from({ length: 100 }, () => ask('a')))).toEqual(Array(100).fill('A'));
  expect(calls).toEqual(['a']);
});

it('forgets a failure at once', async () => {
  const answers = new Map([['a', 'fail']]);
  const { ask } = createTestLookup(answers);
  await expect(Promise.allSettled([ask('a'), ask('a')])).resolves.toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  answers.set('a', 'A');
  expect(await ask('a')).toBe('A');
});

it('holds no more entries than it may', async () => {
  const { ask, calls } = createTestLookup(new Map(), 3);
  for (const key of ['a', 'b', 'c', 'd']) await ask(key);
  calls.length = 0;
  for (const key of ['d', 'c', 'b']) await ask(key);
  expect(calls).toEqual([]);
  await ask('a');
  expect(calls).toEqual(['a']);
});

describe('with old answers for an outage', () => {
  function createOutageLookup() {
    let nowMs = 0;
    let isAway = false;
    const load = vi.fn(async (): Promise<string | undefined> => {
      if (isAway) throw new AppError('unavailable', 'away');
      return 'A';
    });
    const lookup = createLookup({ load, foundMs: () => 30_000, missingMs: 1_000, staleMs: 60_000, clock: { nowMs: () => nowMs } });
    return {
      load,
      ask: (atMs: number) => {
        nowMs = atMs;
        return lookup('a', waitUntil);
      },
      setAway: (value: boolean) => {
        isAway = value;
      },
    };
  }

  it('serves one on, asks once a second, and believes the origin as soon as it answers', async () => {
    const { load, ask, setAway } = createOutageLookup();
    await ask(0);
    setAway(true);
    for (const atMs of [30_000, 30_001, 30_999, 31_000]) expect(await ask(atMs)).toBe('A');
    expect(load).toHaveBeenCalledTimes(3);
    setAway(false);
    load.mockResolvedValue(undefined);
    expect(await ask(32_000)).toBeUndefined();
    setAway(true);
    load.mockRejectedValue(new AppError('unavailable', 'away'));
    await expect(ask(34_000)).rejects.toThrow('away');
  });

  it('serves none for longer than it may, nor what was never found', async () => {
    const { ask, setAway } = createOutageLookup();
    await ask(0);
    setAway(true);
    expect(await ask(89_999)).toBe('A');
    await expect(ask(90_000)).rejects.toThrow('away');
  });

  it('serves none for a fault that is no outage', async () => {
    const { load, ask } = createOutageLookup();
    await ask(0);
    load.mockRejectedValue(new AppError('internal', 'nonsense'));
    await expect(ask(30_000)).rejects.toThrow('nonsense');
  });

  it('does not wait for an origin that keeps silent, and takes its answer when it comes', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { load, ask } = createOutageLookup();
    await ask(0);
    const late = Promise.withResolvers<string>();
    load.mockReturnValue(late.promise);
    const waiting = ask(30_000);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(await waiting).toBe('A');
    // Nobody else waits, although the first second is over.
    expect(await ask(31_500)).toBe('A');
    expect(load).toHaveBeenCalledTimes(2);
    late.resolve('B');
    await vi.advanceTimersByTimeAsync(0);
    expect(await ask(31_501)).toBe('B');
  });
});
