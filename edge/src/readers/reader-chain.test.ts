import { AppError } from '@mediaflow/shared/errors';
import { expect, it } from 'vitest';
import type { ObjectReader } from '../ports.ts';
import { chainReaders } from './reader-chain.ts';

type Behaviour = 'has' | 'lacks' | 'fails';

function createReader(name: string, behaviour: Behaviour, calls: string[]): ObjectReader {
  const answer = async (): Promise<true | undefined> => {
    calls.push(name);
    if (behaviour === 'fails') throw new AppError('unavailable', `${name} is away`);
    return behaviour === 'has' ? true : undefined;
  };
  const info = { sizeBytes: 1, etag: `"${name}"` };
  return {
    name,
    head: async () => (await answer()) && info,
    get: async () => (await answer()) && { ...info, body: new Uint8Array(1) },
  };
}

it.each<[readonly Behaviour[], string, string]>([
  [['has', 'has'], 'first', 'a'],
  [['lacks', 'has'], 'second', 'ab'],
  [['fails', 'has'], 'second', 'ab'],
  [['lacks', 'lacks'], 'absent', 'ab'],
  [['fails', 'lacks'], 'a is away', 'ab'],
  [['lacks', 'fails'], 'b is away', 'ab'],
  [['fails', 'fails'], 'a is away', 'ab'],
  [['lacks', 'fails', 'has'], 'third', 'abc'],
])('%j gives: %s', async (behaviours, expected, asked) => {
  for (const method of ['head', 'get'] as const) {
    const calls: string[] = [];
    const readers = behaviours.map((behaviour, index) => createReader('abc'[index] ?? '', behaviour, calls));
    const result = await chainReaders(readers, { nowMs: () => 0 })
      [method]('key')
      .then(
        (found) => (found === undefined ? 'absent' : { a: 'first', b: 'second', c: 'third' }[found.reader ?? '']),
        (error: Error) => error.message,
      );
    expect([result, calls.join('')]).toEqual([expected, asked]);
  }
});

it('asks one that has just failed last, for two seconds', async () => {
  let nowMs = 0;
  const calls: string[] = [];
  const chain = chainReaders([createReader('a', 'fails', calls), createReader('b', 'has', calls)], { nowMs: () => nowMs });
  for (nowMs of [0, 1_000, 1_999, 2_000]) await chain.get('key');
  expect(calls.join('')).toBe('abbbab');
});
