import { setTimeout as delay } from 'node:timers/promises';
import { childrenOf, isAlive } from '../process/proc.ts';

/** How long a silent part is borne with, in milliseconds since it was first asked in vain. */
export interface Patience {
  /** All its processes live: a busy machine is not to be taken for a dead part. */
  readonly busyMs: number;
  /** A process that it had started is gone, so it may never answer again. */
  readonly brokenMs: number;
}

export function isBeyond({ busyMs, brokenMs }: Patience, silentForMs: number, hasLostChild: boolean): boolean {
  return silentForMs > (hasLostChild ? brokenMs : busyMs);
}

export interface Watcher {
  readonly onFirst: () => void;
  readonly onSilent: () => void;
  readonly patience?: Patience;
}

const START_POLL_MS = 100;
const LOOK_EVERY_MS = 500;
/** Asking takes 12 ms of CPU in all, looking after the processes none to speak of. */
const ASK_EVERY_MS = 5_000;

/**
 * Asks the process `pid` again and again until it has ended, at once where a process of its own is gone; without `patience` only until
 * its first answer. Resolves to the time of that answer, undefined when there was none.
 */
export async function watchAnswers(
  pid: number,
  ping: () => Promise<void>,
  over: AbortSignal,
  { onFirst, onSilent, patience }: Watcher,
): Promise<number | undefined> {
  const pause = (ms: number) => delay(ms, undefined, { signal: over }).catch(() => undefined);
  while (!(await isAnswering(ping))) {
    if (over.aborted) return undefined;
    await pause(START_POLL_MS);
  }
  const servingSince = Date.now();
  if (over.aborted) return undefined;
  onFirst();
  let lastAnswer = servingSince;
  let silentSince: number | undefined;
  let children = childrenOf(pid);
  while (patience !== undefined && !over.aborted) {
    await pause(LOOK_EVERY_MS);
    const hasLostChild = !children.every(isAlive);
    if (!hasLostChild && Date.now() - lastAnswer < ASK_EVERY_MS) continue;
    const askedAt = Date.now();
    if (await isAnswering(ping)) {
      lastAnswer = Date.now();
      silentSince = undefined;
      children = childrenOf(pid);
      continue;
    }
    silentSince ??= askedAt;
    if (!over.aborted && isBeyond(patience, Date.now() - silentSince, hasLostChild)) {
      onSilent();
      break;
    }
  }
  return servingSince;
}

function isAnswering(ping: () => Promise<void>): Promise<boolean> {
  return ping().then(
    () => true,
    () => false,
  );
}
