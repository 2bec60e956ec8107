import { AppError } from '@mediaflow/shared/errors';
import { setBounded } from './bounded-map.ts';
import { Coalescer } from './coalesce.ts';
import type { Clock, WaitUntil } from './ports.ts';
import type { HasLeft } from './viewer-places.ts';
import { withTimeout } from './with-timeout.ts';

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
  /**
   * How much longer than that an answer may serve while the origin cannot be asked; none by default. An origin that answers is always
   * believed, "there is none" included.
   */
  readonly staleMs?: number;
  readonly clock: Clock;
  /** As `Coalescer` takes it: longer than `load` may take. */
  readonly joinTimeoutMs?: number;
  /** Oldest entries go first; keys come from requests, so the map must have an end. */
  readonly maxEntries?: number;
}

/** So long is an origin waited for when there is an old answer to fall back on. */
const PATIENCE_MS = 1_500;
/** So long it is left alone after a failure: the first answer after an outage is at most this much late. */
const REST_MS = 1_000;
/** And after silence, when the question is still on its way: an answer counts as soon as it comes, nobody else has to wait for it. */
const SILENCE_MS = 8_000;

interface Entry<T> {
  readonly value: T | undefined;
  readonly expiresAtMs: number;
  /** The origin could not be asked; until then nobody tries. */
  readonly restsUntilMs?: number;
}

/** Failures are not remembered: the next request asks again, or a second later where an old answer may serve. */
export function createLookup<T>(options: LookupOptions<T>): Lookup<T> {
  const { load, foundMs, missingMs, staleMs = 0, clock, joinTimeoutMs, maxEntries = 10_000 } = options;
  const entries = new Map<string, Entry<T>>();
  const coalescer = new Coalescer<T | undefined>(joinTimeoutMs);

  const remember = (key: string, value: T | undefined): void => {
    const lifeMs = value === undefined ? missingMs : foundMs(value);
    setBounded(entries, key, { value, expiresAtMs: clock.nowMs() + lifeMs }, maxEntries);
  };

  const ask = (key: string, waitUntil: WaitUntil, hasLeft?: HasLeft): Promise<T | undefined> => {
    const start = async (signal: AbortSignal): Promise<T | undefined> => {
      const value = await load(key, signal);
      remember(key, value);
      return value;
    };
    return coalescer.run(key, waitUntil, start, hasLeft);
  };

  const askOrFallBack = async (key: string, old: Entry<T>, waitUntil: WaitUntil): Promise<T | undefined> => {
    if ((old.restsUntilMs ?? 0) > clock.nowMs()) return old.value;
    const rest = (milliseconds: number): T | undefined => {
      if (entries.get(key) === old) entries.set(key, { ...old, restsUntilMs: clock.nowMs() + milliseconds });
      return old.value;
    };
    try {
      const answer = await withTimeout(ask(key, waitUntil), PATIENCE_MS);
      return answer === undefined ? rest(SILENCE_MS) : answer.value;
    } catch (error) {
      if (error instanceof AppError && error.code === 'unavailable') return rest(REST_MS);
      throw error;
    }
  };

  return async (key, waitUntil, hasLeft) => {
    const known = entries.get(key);
    if (known !== undefined && known.expiresAtMs > clock.nowMs()) return known.value;
    const isUsable = known?.value !== undefined && known.expiresAtMs + staleMs > clock.nowMs();
    return isUsable ? askOrFallBack(key, known, waitUntil) : ask(key, waitUntil, hasLeft);
  };
}
