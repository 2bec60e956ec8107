import { createApp, type EdgeApp } from './app.ts';
import type { Bindings } from './bindings.ts';
import { createCacheApiCache } from './cache-api.ts';
import { createCacheApiText } from './cache-api-text.ts';
import { cloudflareClientOf } from './cloudflare-client.ts';
import { parseEnv } from './env.ts';
import { deriveEdgeKeys } from './keys.ts';
import { createCloudflareLimiter, type RateLimitBindings } from './limits/cloudflare-limiter.ts';
import { createMemoryLimiter } from './limits/memory-limiter.ts';
import { consoleLog, describeError } from './log.ts';
import { createLookups } from './lookups.ts';
import { createOriginClient } from './origin-client.ts';
import type { Clock } from './ports.ts';
import { openReaders } from './readers/open-readers.ts';
import { createR2Reader } from './readers/r2.ts';
import { createRevocations } from './revocations/revocations.ts';

const fetchOut = (request: Request): Promise<Response> => fetch(request);
const clock: Clock = { nowMs: () => Date.now() };

/** Ports from bindings, app from ports. */
async function composeApp(env: Bindings): Promise<EdgeApp> {
  const config = parseEnv({ ...env });
  const keys = await deriveEdgeKeys(config.secret);
  const origin = createOriginClient({
    originUrl: config.originUrl,
    principalKey: keys.principal,
    clock,
    fetch: fetchOut,
  });
  const limiter = createCloudflareLimiter(rateLimitBindings(env), config.limits, createMemoryLimiter(config.limits, clock));
  return createApp({
    config,
    keys,
    clock,
    clientOf: cloudflareClientOf,
    limiter,
    origin,
    lookups: createLookups(origin, clock),
    revocations: createRevocations({
      origin,
      kept: createCacheApiText(caches.default, `revocations of ${config.originUrl}`),
      clock,
      log: consoleLog,
    }),
    objects: openReaders(config, { origin, clock, fetch: fetchOut, ...(env.MEDIA !== undefined && { r2: createR2Reader(env.MEDIA) }) }),
    cache: createCacheApiCache(caches.default),
    assets: env.ASSETS,
    log: consoleLog,
  });
}

const rateLimitBindings = (env: Bindings): RateLimitBindings => ({
  ...(env.TOKEN_LIMITER && { token: env.TOKEN_LIMITER }),
  ...(env.CLIENT_LIMITER && { client: env.CLIENT_LIMITER }),
  ...(env.FAILURE_LIMITER && { failure: env.FAILURE_LIMITER }),
  ...(env.PLAYBACK_LIMITER && { playback: env.PLAYBACK_LIMITER }),
});

/** Once per isolate: bindings do not change while it lives, and what the lookups remember must outlive a request. */
let app: EdgeApp | undefined;

export default {
  async fetch(request, env, context): Promise<Response> {
    try {
      app ??= await composeApp(env);
    } catch (error) {
      consoleLog.error('the edge cannot start', { error: describeError(error) });
      return Response.json({ error: { type: 'unavailable', messages: ['The edge is not configured.'] } }, { status: 503 });
    }
    return app.fetch(request, env, context);
  },
} satisfies ExportedHandler<Bindings>;
