/** Keeps what is made ahead of a viewer from slowing down what a viewer waits for, within one process. */
export interface AheadGate {
  /** Runs `work` at once, and keeps the gate shut until it ends or `unwanted` says that nobody waits for it any more. */
  passWaitedFor<T>(work: () => Promise<T>, unwanted: AbortSignal): Promise<T>;
  /**
   * Runs `work` when nobody waits for anything, few at a time and in the order of their coming. Undefined when that did not come
   * within `patienceMs`: the viewer may have gone elsewhere, and if he has come to want it, he asks for it himself.
   */
  passAhead<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | undefined>;
}

export interface AheadGateOptions {
  /** Of the work ahead, how much runs at once. */
  readonly places: number;
  readonly patienceMs?: number;
}

/** Told whether it may go in. */
type Waiter = (isAdmitted: boolean) => void;

const PATIENCE_MS = 1_000;

export function createAheadGate({ places, patienceMs = PATIENCE_MS }: AheadGateOptions): AheadGate {
  const queue = new Set<Waiter>();
  let waitedFor = 0;
  let ahead = 0;

  const admit = (): void => {
    for (const waiter of queue) {
      if (waitedFor > 0 || ahead >= places) return;
      ahead += 1;
      waiter(true);
    }
  };

  const enter = (signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      const giveUp = (): void => waiter(false);
      const timer = setTimeout(giveUp, patienceMs);
      const waiter: Waiter = (isAdmitted) => {
        queue.delete(waiter);
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        resolve(isAdmitted);
      };
      queue.add(waiter);
      signal.addEventListener('abort', giveUp, { once: true });
      if (signal.aborted) giveUp();
      else admit();
    });

  return {
    async passWaitedFor(work, unwanted) {
      waitedFor += 1;
      let isWaitedFor = true;
      const leave = (): void => {
        if (!isWaitedFor) return;
        isWaitedFor = false;
        waitedFor -= 1;
        admit();
      };
      unwanted.addEventListener('abort', leave);
      try {
        return await work();
      } finally {
        unwanted.removeEventListener('abort', leave);
        leave();
      }
    },
    async passAhead(work, signal) {
      const isAdmitted = await enter(signal);
      if (!isAdmitted) {
        signal.throwIfAborted();
        return undefined;
      }
      try {
        return await work();
      } finally {
        ahead -= 1;
        admit();
      }
    },
  };
}
