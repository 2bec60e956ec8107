import { createApp, type EdgeApp } from './app.ts';
import type { Bindings } from './bindings.ts';
import { createCacheApiCache } from './cache-api.ts';
import { createCacheApiText } from './cache-api-text.ts';
import { cloudflareClientOf } from './cloudflare-client.ts';
import { composePorts } from './compose-ports.ts';
import { parseEnv } from './env.ts';
import type { RateLimitBindings } from './limits/cloudflare-limiter.ts';
import { consoleLog, describeError } from './log.ts';
import { createOnce } from './once.ts';
import { createR2Reader } from './readers/r2.ts';

/** The app from a Worker's bindings. */
async function composeApp(env: Bindings): Promise<EdgeApp> {
  const config = parseEnv({ ...env });
  const ports = await composePorts({
    config,
    clientOf: cloudflareClientOf,
    cache: createCacheApiCache(caches.default),
    assets: env.ASSETS,
    keptRevocations: createCacheApiText(caches.default, `revocations of ${config.originUrl}`),
    log: consoleLog,
    rateLimiters: rateLimitBindings(env),
    ...(env.MEDIA !== undefined && { r2: createR2Reader(env.MEDIA) }),
  });
  return createApp(ports);
}

const rateLimitBindings = (env: Bindings): RateLimitBindings => ({
  ...(env.TOKEN_LIMITER && { token: env.TOKEN_LIMITER }),
  ...(env.CLIENT_LIMITER && { client: env.CLIENT_LIMITER }),
  ...(env.FAILURE_LIMITER && { failure: env.FAILURE_LIMITER }),
  ...(env.PLAYBACK_LIMITER && { playback: env.PLAYBACK_LIMITER }),
});

function refuseToStart(error: unknown): Response {
  consoleLog.error('the edge cannot start', { error: describeError(error) });
  return Response.json({ error: { type: 'unavailable', messages: ['The edge is not configured.'] } }, { status: 503 });
}

/** Once per isolate: bindings do not change while it lives, and what the lookups remember must outlive a request. */
const startOnce = createOnce<EdgeApp>();

export default {
  fetch(request, env, context): Response | Promise<Response> {
    const app = startOnce(
      (work) => context.waitUntil(work),
      () => composeApp(env),
    );
    return app instanceof Promise
      ? app.then((started) => started.fetch(request, env, context), refuseToStart)
      : app.fetch(request, env, context);
  },
} satisfies ExportedHandler<Bindings>;
