import type { ExecutionContext } from 'hono';

/** What requests leave running when they have been answered, as a Worker's `ExecutionContext` takes it. */
export interface Work {
  readonly context: ExecutionContext;
  /** Resolves when none is left. */
  settled(): Promise<void>;
}

export function createWork(): Work {
  const running = new Set<Promise<void>>();
  return {
    context: {
      waitUntil(work) {
        const settled = Promise.resolve(work).then(noop, noop);
        running.add(settled);
        void settled.then(() => running.delete(settled));
      },
      passThroughOnException: noop,
      props: {},
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

const noop = (): void => undefined;
