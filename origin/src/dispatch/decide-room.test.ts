import { expect, test } from 'vitest';
import { decideRoom } from './decide-room.ts';

test.each([
  [0, 0, 0, 2],
  [1, 0, 0, 1],
  [2, 0, 0, 0],
  [2, 0, 2, 0],
  [0, 0, 2, 2],
  [3, 0, 8, 5],
  [9, 0, 2, 0],
  [0, 0, 500, 64],
  [2, 2, 0, 2],
  [5, 3, 2, 0],
  [64, 64, 0, 0],
  [70, 70, 2, 0],
])('%i waiting, %i of them for a backoff, and %i active: %i more', (queued, delayed, active, room) => {
  expect(decideRoom({ waiting: queued, delayed, active })).toBe(room);
});
