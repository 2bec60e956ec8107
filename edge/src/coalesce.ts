import type { WaitUntil } from './ports.ts';

const DEFAULT_JOIN_TIMEOUT_MS = 10_000;

/**
 * Runs work once for all requests of this isolate that want it at the same time. The result must be plain data: a
 * stream or a response belongs to the request that made it (workerd refuses it to any other).
 */
export class Coalescer<T> {
  readonly #running = new Map<string, Promise<T>>();
  readonly #joinTimeoutMs: number;

  /**
   * @param joinTimeoutMs how long to wait for work that another request started: longer than that work may take. The other
   *   request's context may be torn down with the work unfinished, and the promise then never settles.
   */
  constructor(joinTimeoutMs = DEFAULT_JOIN_TIMEOUT_MS) {
    this.#joinTimeoutMs = joinTimeoutMs;
  }

  /** The result of the work of `key` that is running, or of `start()`, whose failure all who joined get. */
  async run(key: string, waitUntil: WaitUntil, start: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key);
    if (running !== undefined) {
      const joined = await withTimeout(running, this.#joinTimeoutMs);
      if (joined !== undefined) return joined.value;
    }
    const work = start().finally(() => {
      if (this.#running.get(key) === work) this.#running.delete(key);
    });
    this.#running.set(key, work);
    // A viewer who goes away must not take the work from the others.
    waitUntil(work.catch(() => undefined));
    return work;
  }
}

/** The value in a box, or undefined after `milliseconds`. */
async function withTimeout<T>(promise: Promise<T>, milliseconds: number): Promise<{ readonly value: T } | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise.then((value) => ({ value })), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
