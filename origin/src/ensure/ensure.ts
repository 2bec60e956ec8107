import { setTimeout as sleep } from 'node:timers/promises';
import type { SegmentAnswer } from '@mediaflow/shared/internal';
import { type MediaLocation, parseMediaKey } from '@mediaflow/shared/keys';
import { createSharedWatches } from './shared-watches.ts';
import type { Verdict, WatchDependencies } from './watch.ts';

export interface EnsureOptions {
  /** How long the caller will wait for the object. */
  readonly waitMs: number;
  /** Any of them ends the wait: the caller has gone away, or the process stops. */
  readonly signals: readonly AbortSignal[];
}

/**
 * Sees to it that a media object is made when it is not stored, and waits for it. However many wait for one object, it is
 * asked for once, and one of them leaving changes nothing for the others.
 * @throws AppError `unavailable` when Postgres, Redis or the store is away
 */
export type Ensure = (key: string, options: EnsureOptions) => Promise<SegmentAnswer>;

export interface EnsureDependencies extends WatchDependencies {
  /** More are sent away at once, so that waiting costs this process a bounded amount of memory. */
  readonly maxWaiters?: number;
  /** From the last one's leaving to the withdrawal of the work, where he was told to come again. */
  readonly graceMs?: number;
}

const MAX_WAITERS = 10_000;
/** About what one segment takes on a free core. */
const PENDING: SegmentAnswer = { state: 'pending', retry_after_seconds: 2 };
/** Every attempt failed: another one at once would end the same way. */
const FAILED: SegmentAnswer = { state: 'pending', retry_after_seconds: 10 };
/** Those who come so soon after a failure are told of it, and nothing is asked for. */
const FAILURE_MS = 1_000;
/** Who was sent away with `PENDING` is back by then, and finds the work where it stood. */
const GRACE_MS = 5_000;

export function createEnsure({ maxWaiters = MAX_WAITERS, graceMs = GRACE_MS, ...dependencies }: EnsureDependencies): Ensure {
  const failures = new Set<string>();
  const watches = createSharedWatches(dependencies, (verdict, key, location, isMissed) => {
    if (verdict === 'failed') remember(key);
    if (verdict === 'abandoned') setTimeout(() => withdraw(key, location), isMissed ? graceMs : 0).unref();
  });
  const remember = (key: string): void => {
    failures.add(key);
    setTimeout(() => failures.delete(key), FAILURE_MS).unref();
  };
  const withdraw = (key: string, location: MediaLocation): void => {
    if (watches.has(key)) return;
    // What cannot be withdrawn, because Postgres or Redis is away, is made in vain.
    dependencies.demand.withdraw(location, watches.has).catch(() => undefined);
  };
  let waiterCount = 0;

  return async (key, { waitMs, signals }) => {
    const deadline = Date.now() + waitMs;
    const location = parseMediaKey(key);
    if (location === undefined) return { state: 'unknown' };
    if (failures.has(key)) return FAILED;
    if (waiterCount >= maxWaiters) return PENDING;
    const watch = watches.join(key, location);
    waiterCount += 1;
    try {
      await watch.asked;
      return toAnswer(await before(deadline, watch.verdict, signals));
    } finally {
      waiterCount -= 1;
      watch.leave({ isBack: signals.every(({ aborted }) => !aborted) });
    }
  };
}

/** The verdict, or undefined where the deadline or the caller's leaving comes first. */
async function before(deadline: number, verdict: Promise<Verdict>, signals: readonly AbortSignal[]): Promise<Verdict | undefined> {
  const over = new AbortController();
  const stop = (): void => over.abort();
  for (const signal of signals) signal.addEventListener('abort', stop);
  if (signals.some(({ aborted }) => aborted)) stop();
  const patience = sleep(Math.max(0, deadline - Date.now()), undefined, { signal: over.signal }).catch(() => undefined);
  try {
    return await Promise.race([verdict, patience]);
  } finally {
    stop();
    for (const signal of signals) signal.removeEventListener('abort', stop);
  }
}

function toAnswer(verdict: Verdict | undefined): SegmentAnswer {
  switch (verdict) {
    case 'stored':
    case 'unknown':
      return { state: verdict };
    case 'failed':
      return FAILED;
    default:
      return PENDING;
  }
}
