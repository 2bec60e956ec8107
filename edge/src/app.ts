import { Hono } from 'hono';
import type { EdgeEnv } from './context.ts';
import { respondToError } from './errors.ts';
import { externalRoutes } from './external/external-routes.ts';
import { createPlaylistLibrary } from './external/playlist-library.ts';
import { createMakingStore } from './making-store.ts';
import { createCachedStore } from './media-store.ts';
import { createGate } from './middleware/credentials.ts';
import { limitPlayback } from './middleware/limit-playback.ts';
import { allowMethods } from './middleware/method-guard.ts';
import { pathGuard } from './middleware/path-guard.ts';
import { playbackCors } from './middleware/playback-cors.ts';
import { requestId } from './middleware/request-id.ts';
import { serverTiming } from './middleware/server-timing.ts';
import { respondNotFound } from './not-found.ts';
import type { Ports } from './ports.ts';
import { healthRoutes } from './routes/health.ts';
import { managementRoutes } from './routes/management.ts';
import { mediaRoutes } from './routes/media.ts';
import { playbackRoutes } from './routes/playback.ts';
import { playbackTokenRoutes } from './routes/playback-tokens.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { webRoutes } from './routes/web.ts';

const MANIFEST_PATHS = ['/:file{[^/]+\\.(?:m3u8|mpd)}', '/:name/manifest/:file{video\\.(?:m3u8|mpd)}', '/:name/thumbnail.jpg'];

/** The whole edge over its ports. Order matters: what the edge answers itself stands before what it passes on. */
export function createApp(ports: Ports): Hono<EdgeEnv> {
  const app = new Hono<EdgeEnv>();
  const cached = createCachedStore(ports.cache, ports.objects);
  const store = createMakingStore(cached, ports.lookups.make);
  const library = createPlaylistLibrary(cached);
  app.onError((error, c) => respondToError(error, c, ports.log));
  app.notFound((c) => respondNotFound(c, ports.config.uploadOrigin));
  app.use(requestId, pathGuard);

  app.route('/', healthRoutes(ports));

  const gate = createGate(ports);
  app.route('/system/v1/sessions', sessionRoutes(ports, gate));
  app.route('/video/v1/assets', playbackTokenRoutes(ports, gate));
  app.route('/video/v1', managementRoutes(ports, gate));
  app.route('/system/v1', managementRoutes(ports, gate));

  for (const path of ['/s/*', ...MANIFEST_PATHS]) {
    app.use(path, playbackCors, allowMethods('GET', 'HEAD', 'OPTIONS'), serverTiming(ports.clock));
  }
  for (const path of MANIFEST_PATHS) app.use(path, limitPlayback(ports));
  app.route('/s', mediaRoutes(ports, store));
  app.route('/s', externalRoutes(ports, cached, library));
  app.route('/', playbackRoutes(ports, store, library));
  app.all('/s/*', (c) => c.notFound());

  app.use(allowMethods('GET', 'HEAD'));
  app.route('/', webRoutes(ports));
  return app;
}
