import { expect, it } from 'vitest';
import { decideRefresh } from './decide-refresh.ts';

const SECOND = 1_000;

it.each([
  ['a new list', 0, 0, false, 'use'],
  ['one that is 9.9 s old', 9.9, 9.9, false, 'use'],
  ['one that is 10 s old', 10, 10, false, 'refresh'],
  ['one that is being refreshed', 15, 5, false, 'use'],
  ['one that could not be refreshed a moment ago', 15, 5, true, 'use'],
  ['one that is 19.9 s old, its last attempt forgotten', 19.9, 10, true, 'refresh'],
  ['one that is 20 s old', 20, 20, false, 'wait'],
  ['one that is too old and being refreshed', 25, 5, false, 'wait'],
  ['one that is too old, the origin away', 25, 9.9, true, 'use'],
  ['one that is too old, the origin perhaps back', 25, 10, true, 'wait'],
  ['one from before a restart', 3600, Number.POSITIVE_INFINITY, false, 'wait'],
])('%s: %d s old, tried %d s ago, failed %s: %s', (_, ageSeconds, attemptSeconds, hasFailed, expected) => {
  const nowMs = 1_700_000_000_000;
  const times = { asOfMs: nowMs - ageSeconds * SECOND, lastAttemptMs: nowMs - attemptSeconds * SECOND, hasFailed };
  expect(decideRefresh(times, nowMs)).toBe(expected);
});
