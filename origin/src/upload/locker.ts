import type { Lock, Locker } from '@tus/server';

/** What @tus/server answers: a polite refusal that tus clients retry. */
export const LOCKED = { status_code: 423, body: 'Another request is writing to this upload. Try again.\n' };

export interface AttemptLocker extends Locker {
  /** Runs `task` while nobody else reads or writes the attempt. @throws LOCKED */
  withLock<T>(id: string, task: () => Promise<T>): Promise<T>;
  /** The same without asking anybody to make way: undefined when the attempt is in use. */
  withFreeLock<T>(id: string, task: () => Promise<T>): Promise<T | undefined>;
}

interface Holder {
  readonly requestRelease: () => void;
}

/**
 * One writer per attempt within this process. The stock memory locker spins on `setImmediate` while it waits and answers
 * a timeout with 500; this one queues. Several origins need requests of one upload to reach the same one.
 */
export function createLocker(waitMs: number): AttemptLocker {
  const holders = new Map<string, Holder>();
  const queues = new Map<string, (() => void)[]>();

  function release(id: string): void {
    const next = queues.get(id)?.shift();
    if (next === undefined) {
      holders.delete(id);
      queues.delete(id);
    } else next();
  }

  function acquire(id: string, holder: Holder, signal?: AbortSignal): Promise<void> {
    const current = holders.get(id);
    if (current === undefined) {
      holders.set(id, holder);
      return Promise.resolve();
    }
    if (signal?.aborted) return Promise.reject(LOCKED);
    current.requestRelease();
    return new Promise((resolve, reject) => {
      const queue = queues.get(id) ?? [];
      queues.set(id, queue);
      const turn = (): void => {
        settle();
        holders.set(id, holder);
        resolve();
      };
      const giveUp = (): void => {
        settle();
        queue.splice(queue.indexOf(turn), 1);
        reject(LOCKED);
      };
      const timer = setTimeout(giveUp, waitMs);
      signal?.addEventListener('abort', giveUp);
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
      };
      queue.push(turn);
    });
  }

  function newLock(id: string): Lock {
    return {
      lock: (signal, requestRelease) => acquire(id, { requestRelease: () => void requestRelease() }, signal),
      unlock: async () => release(id),
    };
  }

  async function withLock<T>(id: string, task: () => Promise<T>): Promise<T> {
    await acquire(id, { requestRelease: () => undefined });
    try {
      return await task();
    } finally {
      release(id);
    }
  }

  return {
    newLock,
    withLock,
    withFreeLock: async (id, task) => (holders.has(id) ? undefined : withLock(id, task)),
  };
}
