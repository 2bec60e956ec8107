import type { MediaLocation } from '@mediaflow/shared/keys';
import { type Verdict, type Watch, type WatchDependencies, watchObject } from './watch.ts';

/** One watch on each object, however many wait for it. */
export interface SharedWatches {
  /** The watch that others have opened on this object, or a new one. */
  join(key: string, location: MediaLocation): JoinedWatch;
  /** Whether somebody waits for the object. */
  has(key: string): boolean;
}

export interface JoinedWatch extends Watch {
  /** The last to leave ends the watch. `isBack`: he was told to come again, and will. */
  leave(options: { readonly isBack: boolean }): void;
}

interface SharedWatch extends Watch {
  readonly abort: AbortController;
  waiters: number;
  /** Whether one of those who left will be back. */
  isMissed: boolean;
}

/** `isMissed`: of an abandoned watch, one of those who waited will be back. */
type OnEnd = (verdict: Verdict, key: string, location: MediaLocation, isMissed: boolean) => void;

export function createSharedWatches(dependencies: WatchDependencies, onEnd: OnEnd): SharedWatches {
  const watches = new Map<string, SharedWatch>();

  const forget = (key: string, watch: SharedWatch): void => {
    if (watches.get(key) === watch) watches.delete(key);
  };

  const open = (key: string, location: MediaLocation): SharedWatch => {
    const abort = new AbortController();
    const watch: SharedWatch = { ...watchObject(key, location, abort.signal, dependencies), abort, waiters: 0, isMissed: false };
    watches.set(key, watch);
    const end = (verdict?: Verdict): void => {
      forget(key, watch);
      if (verdict !== undefined) onEnd(verdict, key, location, watch.isMissed);
    };
    watch.verdict.then(end, () => end());
    return watch;
  };

  return {
    has: (key) => watches.has(key),
    join(key, location) {
      const watch = watches.get(key) ?? open(key, location);
      watch.waiters += 1;
      const leave: JoinedWatch['leave'] = ({ isBack }) => {
        watch.waiters -= 1;
        watch.isMissed ||= isBack;
        if (watch.waiters > 0) return;
        // At once, so that nobody joins a watch that is about to end.
        forget(key, watch);
        watch.abort.abort();
      };
      return { asked: watch.asked, verdict: watch.verdict, leave };
    },
  };
}
