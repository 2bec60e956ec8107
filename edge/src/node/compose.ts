import { createApp, type EdgeApp } from '../app.ts';
import type { ClientOf } from '../client.ts';
import { deriveEdgeKeys } from '../keys.ts';
import { createMemoryLimiter } from '../limits/memory-limiter.ts';
import type { Log } from '../log.ts';
import { createLookups } from '../lookups.ts';
import { createOriginClient } from '../origin-client.ts';
import type { Clock } from '../ports.ts';
import { openReaders } from '../readers/open-readers.ts';
import { createRevocations } from '../revocations/revocations.ts';
import type { CacheSpace } from './cache-space.ts';
import type { ServerConfig } from './config.ts';
import { createDiskCache } from './disk-cache.ts';
import { createFileText } from './file-text.ts';
import { openStaticFiles } from './static-files.ts';

const fetchOut = (request: Request): Promise<Response> => fetch(request);
const clock: Clock = { nowMs: () => Date.now() };

export interface Surroundings {
  readonly config: ServerConfig;
  /** This process's part of the memory for hot objects. */
  readonly memoryBytes: number;
  readonly space: CacheSpace;
  readonly webDir: string;
  readonly log: Log;
  readonly clientOf: ClientOf;
}

/** Ports from a process's surroundings, app from ports. */
export async function composeApp({ config, memoryBytes, space, webDir, log, clientOf }: Surroundings): Promise<EdgeApp> {
  const keys = await deriveEdgeKeys(config.secret);
  const origin = createOriginClient({
    originUrl: config.originUrl,
    principalKey: keys.principal,
    clock,
    fetch: fetchOut,
  });
  return createApp({
    config,
    keys,
    clock,
    clientOf,
    limiter: createMemoryLimiter(config.limits, clock),
    origin,
    lookups: createLookups(origin, clock),
    revocations: createRevocations({ origin, kept: createFileText(config.cache.directory, 'revocations.json'), clock, log }),
    objects: openReaders(config, { origin, clock, fetch: fetchOut }),
    cache: createDiskCache({ directory: config.cache.directory, space, memoryBytes }),
    assets: await openStaticFiles(webDir),
    log,
  });
}
