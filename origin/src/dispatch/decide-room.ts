/** Even with nobody at work, so that the first worker to come finds something. */
const MIN_WAITING = 2;
/** One round's transaction stays short; and with so many waiting out a backoff, what is wrong is not theirs alone. */
const MAX_ROUND = 64;

/**
 * How many units to hand out. Pure. As many may wait in the queue as are being made: no worker ever runs dry, and a unit
 * that is chosen now begins within two jobs' lengths. Jobs that wait out a backoff stand in nobody's way.
 * @param waiting those `delayed` included
 */
export function decideRoom({ waiting, delayed, active }: Readonly<Record<'waiting' | 'delayed' | 'active', number>>): number {
  const room = Math.max(MIN_WAITING, active) - (waiting - delayed);
  return Math.max(0, Math.min(room, MAX_ROUND - delayed));
}
