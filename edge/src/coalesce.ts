import type { WaitUntil } from './ports.ts';
import type { HasLeft } from './viewer-places.ts';
import { withTimeout } from './with-timeout.ts';

const DEFAULT_JOIN_TIMEOUT_MS = 10_000;
/** A tenth of what the fastest segment takes. */
const LOOK_EVERY_MS = 100;

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
   * @param hasLeft whether the requester has gone away. He must not take the work from the others: `signal` tells of it where no other
   *   has joined until then
   */
  async run(key: string, waitUntil: WaitUntil, start: (signal: AbortSignal) => Promise<T>, hasLeft?: HasLeft): Promise<T> {
    const running = this.#running.get(key);
    if (running !== undefined) {
      running.isShared = true;
      const joined = await withTimeout(running.work, this.#joinTimeoutMs);
      if (joined !== undefined) return joined.value;
    }
    const alone = new AbortController();
    const forget = (): void => {
      clearInterval(timer);
      if (this.#running.get(key) === own) this.#running.delete(key);
    };
    const look = (): void => {
      if (own.isShared || hasLeft?.() !== true) return;
      // Before the work is told, so that nobody joins what is about to end.
      forget();
      alone.abort();
    };
    const timer = hasLeft && setInterval(look, LOOK_EVERY_MS);
    const own: Running<T> = { work: start(alone.signal).finally(forget), isShared: false };
    this.#running.set(key, own);
    waitUntil(own.work.catch(() => undefined));
    return own.work;
  }
}

interface Running<T> {
  readonly work: Promise<T>;
  isShared: boolean;
}
