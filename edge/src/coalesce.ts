import type { WaitUntil } from './ports.ts';

const DEFAULT_JOIN_TIMEOUT_MS = 10_000;

/**
 * Runs work once for all requests of this isolate that want it at the same time. The result must be plain data: a
 * stream or a response belongs to the request that made it (workerd refuses it to any other).
 */
export class Coalescer<T> {
  readonly #running = new Map<string, Running<T>>();
  readonly #joinTimeoutMs: number;

  /**
   * @param joinTimeoutMs how long to wait for work that another request started: longer than that work may take. The other
   *   request's context may be torn down with the work unfinished, and the promise then never settles.
   */
  constructor(joinTimeoutMs = DEFAULT_JOIN_TIMEOUT_MS) {
    this.#joinTimeoutMs = joinTimeoutMs;
  }

  /**
   * The result of the work of `key` that is running, or of `start()`, whose failure all who joined get.
   *
   * @param client aborted when the requester goes away. He must not take the work from the others; `start` is told of it only where no
   *   other has joined until then
   */
  async run(key: string, waitUntil: WaitUntil, start: (signal: AbortSignal) => Promise<T>, client?: AbortSignal): Promise<T> {
    const running = this.#running.get(key);
    if (running !== undefined) {
      running.isShared = true;
      const joined = await withTimeout(running.work, this.#joinTimeoutMs);
      if (joined !== undefined) return joined.value;
    }
    const alone = new AbortController();
    const forget = (): void => {
      client?.removeEventListener('abort', onLeave);
      if (this.#running.get(key) === own) this.#running.delete(key);
    };
    const onLeave = (): void => {
      if (own.isShared) return;
      // Before the work is told, so that nobody joins what is about to end.
      forget();
      alone.abort();
    };
    const own: Running<T> = { work: start(alone.signal).finally(forget), isShared: false };
    this.#running.set(key, own);
    client?.addEventListener('abort', onLeave);
    waitUntil(own.work.catch(() => undefined));
    return own.work;
  }
}

interface Running<T> {
  readonly work: Promise<T>;
  isShared: boolean;
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
