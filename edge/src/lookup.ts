import { Coalescer } from './coalesce.ts';
import type { Clock, WaitUntil } from './ports.ts';
import type { HasLeft } from './viewer-places.ts';

/**
 * A remembered question to the origin; undefined is the answer "there is none".
 *
 * @param hasLeft whether the requester has gone away: a question that nobody else has joined is then given up
 */
export type Lookup<T> = (key: string, waitUntil: WaitUntil, hasLeft?: HasLeft) => Promise<T | undefined>;

export interface LookupOptions<T> {
  readonly load: (key: string, signal: AbortSignal) => Promise<T | undefined>;
  /** How long an answer holds; none is remembered longer than a revocation may take. */
  readonly foundMs: (value: T) => number;
  readonly missingMs: number;
  readonly clock: Clock;
  /** As `Coalescer` takes it: longer than `load` may take. */
  readonly joinTimeoutMs?: number;
  /** Oldest entries go first; keys come from requests, so the map must have an end. */
  readonly maxEntries?: number;
}

/** Failures are not remembered: the next request asks again. */
export function createLookup<T>({ load, foundMs, missingMs, clock, joinTimeoutMs, maxEntries = 10_000 }: LookupOptions<T>): Lookup<T> {
  const entries = new Map<string, { readonly value: T | undefined; readonly expiresAtMs: number }>();
  const coalescer = new Coalescer<T | undefined>(joinTimeoutMs);

  const remember = (key: string, value: T | undefined): void => {
    entries.delete(key);
    entries.set(key, { value, expiresAtMs: clock.nowMs() + (value === undefined ? missingMs : foundMs(value)) });
    const [oldest] = entries.keys();
    if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
  };

  return async (key, waitUntil, hasLeft) => {
    const known = entries.get(key);
    if (known !== undefined && known.expiresAtMs > clock.nowMs()) return known.value;
    const ask = async (signal: AbortSignal): Promise<T | undefined> => {
      const value = await load(key, signal);
      remember(key, value);
      return value;
    };
    return coalescer.run(key, waitUntil, ask, hasLeft);
  };
}
