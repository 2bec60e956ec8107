import { expect, it } from 'vitest';
import { planWatches } from './watch-plan.ts';

it.each([
  [[], { streamed: [], polled: [] }],
  [['a', 'b'], { streamed: ['a', 'b'], polled: [] }],
  [['a', 'b', 'c', 'd', 'e'], { streamed: ['a', 'b', 'c'], polled: ['d', 'e'] }],
])('%j', (ids, expected) => expect(planWatches(ids)).toEqual(expected));
