/** How long a crashed child stays down before it is started again. */
export const FIRST_DELAY_MS = 200;
export const MAX_DELAY_MS = 5_000;
/** A child that served this long had not failed for the reason it failed before. */
export const HEALTHY_AFTER_MS = 10_000;

/** `previousMs` is the last delay, 0 for a child that never crashed; `uptimeMs` how long it served before this crash. */
export function nextRestartDelay(previousMs: number, uptimeMs: number): number {
  if (previousMs === 0 || uptimeMs >= HEALTHY_AFTER_MS) return FIRST_DELAY_MS;
  return Math.min(previousMs * 2, MAX_DELAY_MS);
}
