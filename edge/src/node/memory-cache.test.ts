import { expect, it } from 'vitest';
import { fill } from '../testing/edge.ts';
import { MemoryCache } from './memory-cache.ts';

const object = (sizeBytes: number) => ({ sizeBytes, etag: '"e"', body: fill(sizeBytes, 1) });

it('keeps what is asked for, within its limit', () => {
  const memory = new MemoryCache(100);
  for (const key of ['a', 'b', 'c']) memory.set(key, object(30));
  memory.get('a');
  memory.set('d', object(30));
  expect(['a', 'b', 'c', 'd'].map((key) => memory.get(key) !== undefined)).toEqual([true, false, true, true]);
  memory.set('d', object(10));
  expect(memory.usedBytes).toBe(70);
});

it('does not empty itself for what does not fit', () => {
  const memory = new MemoryCache(100);
  memory.set('a', object(30));
  memory.set('big', object(101));
  expect([memory.get('a')?.sizeBytes, memory.get('big')]).toEqual([30, undefined]);
});
