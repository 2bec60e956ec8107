import type { ResolvedRange } from '@mediaflow/shared/byte-range';
import type { ObjectInfo } from '@mediaflow/shared/object-store';
import type { Bytes } from '@mediaflow/shared/signed';
import type { ClientOf } from './client.ts';
import type { EdgeConfig } from './env.ts';
import type { EdgeKeys } from './keys.ts';
import type { RateLimiter } from './limits/limiter.ts';
import type { Log } from './log.ts';
import type { Lookups } from './lookups.ts';
import type { OriginClient } from './origin-client.ts';
import type { SessionReader } from './playback/read-session.ts';
import type { Revocations } from './revocations/revocations.ts';

/** All that the routes reach the world through. `compose-ports.ts` builds them: for a Worker, for a process and for tests. */
export interface Ports {
  readonly config: EdgeConfig;
  readonly keys: EdgeKeys;
  readonly clock: Clock;
  readonly clientOf: ClientOf;
  readonly limiter: RateLimiter;
  readonly origin: OriginClient;
  /** The origin's answers, remembered for a stated time. */
  readonly lookups: Lookups;
  readonly revocations: Revocations;
  /** One for all routes, as it remembers whom it has verified. */
  readonly sessions: SessionReader;
  readonly objects: ObjectReader;
  readonly cache: MediaCache;
  /** The built web UI. */
  readonly assets: { fetch(request: Request): Promise<Response> };
  readonly log: Log;
}

/**
 * Stored media, read-only. Absence is undefined; any other trouble throws an `AppError` that is no `not_found`: an outage is never an
 * absence. `testing/object-reader-contract.ts` is run against every driver.
 */
export interface ObjectReader {
  readonly name: string;
  head(key: string): Promise<FoundInfo | undefined>;
  /**
   * The object, or those of its bytes that `range` names, which lies within it; size and validator are the whole object's. Whole objects
   * enter the cache and ranges are cut at the edge: a range is read only of what is too large to be kept.
   */
  get(key: string, range?: ResolvedRange): Promise<ReadableObject | undefined>;
}

export interface FoundInfo extends ObjectInfo {
  /** Name of the reader that has it; none for what comes from the cache. */
  readonly reader?: string;
}

export interface ReadableObject extends FoundInfo {
  readonly body: ObjectBody;
}

/**
 * In one piece where that is at hand, which no stream is as fast as; else as it comes. To be read to its end or let go of. A reader's
 * may break off in silence; what a cache or a `PlacedStore` gives is all of it, or breaks.
 */
export type ObjectBody = Bytes | ReadableStream<Uint8Array>;

/** What this edge keeps of the store, by object key. Nothing in it changes, so it may drop what it likes, whenever it likes. */
export interface MediaCache {
  match(key: string): Promise<CachedObject | undefined>;
  /** Keeps the object if its body comes to its full length, or nothing of it. Never throws: what is not kept is read again. */
  put(key: string, object: ReadableObject, contentType: string): Promise<void>;
}

export interface CachedObject extends ReadableObject {
  /** Of an answer with all of the object (`objectHeaders`), the reader's to change; where the cache keeps headers, which are then ready. */
  readonly headers?: Headers;
}

/** One text that outlives who wrote it, as far as the runtime has a place for it. */
export interface KeptText {
  read(): Promise<string | undefined>;
  /** Never throws: what is not kept is asked of the origin. */
  write(text: string): Promise<void>;
}

export interface Clock {
  nowMs(): number;
}

export const nowSeconds = (clock: Clock): number => Math.floor(clock.nowMs() / 1000);

/** Keeps work alive after the response: `ExecutionContext.waitUntil` of a Worker, and until the end of the drain in a process. */
export type WaitUntil = (work: Promise<unknown>) => void;
