/** A list younger than this is believed without a word. */
export const REFRESH_MS = 10_000;
/** A list older than this is not used before the origin was asked. It and the time of the answer stay below 30 s together. */
export const MAX_AGE_MS = 20_000;

export interface RefreshTimes {
  /** Of the list that is known. */
  readonly asOfMs: number;
  readonly lastAttemptMs: number;
  /** Whether the last attempt has ended, without success. */
  readonly hasFailed: boolean;
}

/**
 * `use` the list as it is, `refresh` it behind the answer, or `wait` for that. While the origin is away the list goes on counting, and one
 * request in `REFRESH_MS` finds out whether it is back. Pure.
 */
export function decideRefresh({ asOfMs, lastAttemptMs, hasFailed }: RefreshTimes, nowMs: number): 'use' | 'refresh' | 'wait' {
  const ageMs = nowMs - asOfMs;
  if (ageMs < REFRESH_MS) return 'use';
  const isAttemptRecent = nowMs - lastAttemptMs < REFRESH_MS;
  if (ageMs < MAX_AGE_MS) return isAttemptRecent ? 'use' : 'refresh';
  return isAttemptRecent && hasFailed ? 'use' : 'wait';
}
