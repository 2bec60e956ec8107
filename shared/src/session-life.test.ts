import { expect, it } from 'vitest';
import { REVOCATION_LIFE_SECONDS, sessionExpiry } from './session-life.ts';

const NOW = 1_700_000_000;
const HOUR = 3600;
const DAY = 24 * HOUR;

it.each([
  ['a public film', 30_000, undefined, 30 + 4 * HOUR],
  ['an unknown length', 0, undefined, 4 * HOUR],
  ['part of a second', 30_001, undefined, 31 + 4 * HOUR],
  ['a token of five minutes', 3 * HOUR * 1000, NOW + 300, 300 + 7 * HOUR],
  ['a token in its last second', 30_000, NOW, 30 + 4 * HOUR],
  ['a token within the clock skew', 30_000, NOW - 29, 30 + 4 * HOUR],
  ['a token that ends within a second', 30_000, NOW + 10.9, 10 + 30 + 4 * HOUR],
  ['a token of a week', 30_000, NOW + 7 * DAY, 7 * DAY + 30 + 4 * HOUR],
  ['a token of ten years', 30_000, NOW + 3650 * DAY, 7 * DAY + 30 + 4 * HOUR],
  ['a token without an end in sight', 30_000, 1e300, 7 * DAY + 30 + 4 * HOUR],
  ['a film nobody believes', 1e12, undefined, 28 * HOUR],
])('%s', (_, lengthMs, tokenExpiresAt, expected) => {
  expect(sessionExpiry(NOW, lengthMs, tokenExpiresAt)).toBe(NOW + expected);
});

it('no session outlives the revocation of what it plays', () => {
  const longest = sessionExpiry(NOW, 1e12, 1e300) - NOW;
  expect(REVOCATION_LIFE_SECONDS).toBe(longest + DAY);
});
