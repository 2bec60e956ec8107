import { expect, it } from 'vitest';
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
