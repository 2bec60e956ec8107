import { findIntact } from '@mediaflow/shared/intact-object';
import type { MediaLocation } from '@mediaflow/shared/keys';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import type { Changes } from '../db/changes.ts';
import type { OutboxJob } from '../db/outbox.ts';
import { createWaker } from '../waker.ts';
import type { Demand } from './demand.ts';

/** `abandoned`: nobody waited any more. */
export type Verdict = 'stored' | 'unknown' | 'failed' | 'abandoned';

export interface Watch {
  /** Settles when the object's work is in the queue, or with the verdict where that comes first. */
  readonly asked: Promise<unknown>;
  /** Rejects when Postgres, Redis or the store is away. */
  readonly verdict: Promise<Verdict>;
}

export interface WatchDependencies {
  readonly store: Pick<ObjectStore, 'head' | 'get' | 'delete'>;
  readonly changes: Pick<Changes, 'onAsset'>;
  readonly demand: Demand;
}

/** Notifications come first; this is for one that a lost connection kept back, and for a queue that was lost. */
const LOOK_EVERY_MS = 250;
/**
 * Work that leaves the queue without its object was left undone ahead of a viewer, or lost with Redis, or given up: after both of the
 * former, it is the latter.
 */
const MAX_ASKS = 3;

/** Asks for one absent object and looks for it until it is stored, cannot be had, or `signal` says that nobody waits. */
export function watchObject(key: string, location: MediaLocation, signal: AbortSignal, dependencies: WatchDependencies): Watch {
  const { store, changes, demand } = dependencies;
  const asked = Promise.withResolvers<void>();
  let job: OutboxJob | undefined;
  let askCount = 0;

  const isStored = async (): Promise<boolean> => {
    // What is there before anybody has asked for it is what the edge would not take. Later it is new, and costs no look.
    if (askCount === 0) return (await findIntact(store, location)) !== undefined;
    return (await store.head(key)) !== undefined;
  };

  async function look(): Promise<Verdict | undefined> {
    if (await isStored()) return 'stored';
    if (job !== undefined && (await demand.isQueued(job))) return undefined;
    // It may have been stored, and its job have ended, since the look above.
    if (job !== undefined && (await isStored())) return 'stored';
    if (askCount === MAX_ASKS) return 'failed';
    askCount += 1;
    job = await demand.ask(location, { isFirst: askCount === 1 });
    if (job === undefined) return 'unknown';
    asked.resolve();
    return undefined;
  }

  async function watch(): Promise<Verdict> {
    const waker = createWaker();
    const unsubscribe = changes.onAsset(location.assetId, waker.wake);
    signal.addEventListener('abort', waker.wake);
    try {
      for (;;) {
        const verdict = (await look()) ?? (signal.aborted ? 'abandoned' : undefined);
        if (verdict !== undefined) return verdict;
        await waker.next(LOOK_EVERY_MS);
      }
    } finally {
      unsubscribe();
    }
  }

  const verdict = watch();
  return { asked: Promise.race([asked.promise, verdict]), verdict };
}
