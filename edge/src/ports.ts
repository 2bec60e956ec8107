import type { ObjectInfo } from '@mediaflow/shared/object-store';
import type { EdgeConfig } from './env.ts';
import type { EdgeKeys } from './keys.ts';
import type { Log } from './log.ts';
import type { Lookups } from './lookups.ts';
import type { OriginClient } from './origin-client.ts';

/** All that the routes reach the world through. `index.ts` builds them from the bindings, tests from what they need. */
export interface Ports {
  readonly config: EdgeConfig;
  readonly keys: EdgeKeys;
  readonly clock: Clock;
  readonly origin: OriginClient;
  /** The origin's answers, remembered for a stated time. */
  readonly lookups: Lookups;
  readonly objects: ObjectReader;
  /** `caches.default`. */
  readonly cache: MediaCache;
  /** The built web UI. */
  readonly assets: { fetch(request: Request): Promise<Response> };
  readonly log: Log;
}

/** Stored media, read-only. Absence is undefined; any other trouble throws `AppError('unavailable')`. */
export interface ObjectReader {
  head(key: string): Promise<ObjectInfo | undefined>;
  /** The whole object as a stream. There is no ranged get: whole objects enter the cache and ranges are cut at the edge. */
  get(key: string): Promise<ReadableObject | undefined>;
}

export interface ReadableObject extends ObjectInfo {
  readonly body: ReadableStream<Uint8Array>;
}

export type MediaCache = Pick<Cache, 'match' | 'put'>;

export interface Clock {
  nowMs(): number;
}

export const nowSeconds = (clock: Clock): number => Math.floor(clock.nowMs() / 1000);

/** Keeps work alive after the response: the request's `ExecutionContext.waitUntil`. */
export type WaitUntil = (work: Promise<unknown>) => void;
