import type { ClientOf } from './client.ts';
import type { EdgeConfig } from './env.ts';
import { deriveEdgeKeys } from './keys.ts';
import { createCloudflareLimiter, type RateLimitBindings } from './limits/cloudflare-limiter.ts';
import { createMemoryLimiter } from './limits/memory-limiter.ts';
import type { Log } from './log.ts';
import { createLookups } from './lookups.ts';
import { createOriginClient } from './origin-client.ts';
import { createSessionReader } from './playback/read-session.ts';
import type { Clock, KeptText, MediaCache, ObjectReader, Ports } from './ports.ts';
import { openReaders } from './readers/open-readers.ts';
import { createRevocations } from './revocations/revocations.ts';

/** What each runtime has of its own. */
export interface Runtime {
  readonly config: EdgeConfig;
  readonly clientOf: ClientOf;
  readonly cache: MediaCache;
  readonly assets: Ports['assets'];
  readonly keptRevocations: KeptText;
  readonly log: Log;
  /** Where a bucket is bound. */
  readonly r2?: ObjectReader;
  /** Where Cloudflare counts. */
  readonly rateLimiters?: RateLimitBindings;
}

/** What all runtimes have alike, and tests do not. */
export interface World {
  readonly clock: Clock;
  readonly fetch: (request: Request) => Promise<Response>;
}

const WORLD: World = { clock: { nowMs: () => Date.now() }, fetch: (request) => fetch(request) };

export async function composePorts(runtime: Runtime, { clock, fetch }: World = WORLD): Promise<Ports> {
  const { config, clientOf, cache, assets, keptRevocations: kept, log, r2, rateLimiters = {} } = runtime;
  const keys = await deriveEdgeKeys(config.secret);
  const origin = createOriginClient({ originUrl: config.originUrl, principalKey: keys.principal, clock, fetch });
  const revocations = createRevocations({ origin, kept, clock, log });
  return {
    config,
    keys,
    clock,
    clientOf,
    limiter: createCloudflareLimiter(rateLimiters, config.limits, createMemoryLimiter(config.limits, clock)),
    origin,
    lookups: createLookups(origin, clock),
    revocations,
    sessions: createSessionReader({ keys, clock, revocations }),
    objects: openReaders(config, { origin, clock, fetch, ...(r2 !== undefined && { r2 }) }),
    cache,
    assets,
    log,
  };
}
