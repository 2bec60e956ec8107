import { Hono } from 'hono';
import type { EdgeEnv } from './context.ts';
import { respondToError } from './errors.ts';
import { externalRoutes } from './external/external-routes.ts';
import { createPlaylistLibrary } from './external/playlist-library.ts';
import { createKeptMedia } from './kept-media.ts';
import { createMakingStore } from './making-store.ts';
import { createCachedStore, type MediaStore, type ObjectPlace, type PlacedStore } from './media-store.ts';
import { createGate } from './middleware/credentials.ts';
import { limitPlayback } from './middleware/limit-playback.ts';
import { managementCors } from './middleware/management-cors.ts';
import { mediaExchange, type ServeMedia } from './middleware/media-exchange.ts';
import { allowMethods } from './middleware/method-guard.ts';
import { pathGuard } from './middleware/path-guard.ts';
import { addPlaybackCors, playbackCors } from './middleware/playback-cors.ts';
import { requestId } from './middleware/request-id.ts';
import { secureHeaders } from './middleware/secure-headers.ts';
import { serverTiming } from './middleware/server-timing.ts';
import { respondNotFound } from './not-found.ts';
import type { Ports } from './ports.ts';
import { healthRoutes } from './routes/health.ts';
import { managementRoutes } from './routes/management.ts';
import { serveMedia } from './routes/media.ts';
import { playbackRoutes } from './routes/playback.ts';
import { playbackTokenRoutes } from './routes/playback-tokens.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { webRoutes } from './routes/web.ts';
import { createViewerPlaces, type ViewerPlaces } from './viewer-places.ts';

const MANIFEST_PATHS = ['/:file{[^/]+\\.(?:m3u8|mpd)}', '/:name/manifest/:file{video\\.(?:m3u8|mpd)}', '/:name/thumbnail.jpg'];
const PLAYBACK_METHODS = ['GET', 'HEAD', 'OPTIONS'];
/** An absolute URL of media that we made; `x` stands before a customer's own. */
const MEDIA_URL = /^[^/]*\/\/[^/]*\/s\/[^/]+\/(?!x\/)/;

export type EdgeApp = Pick<Hono<EdgeEnv>, 'fetch' | 'routes'>;

/**
 * The whole edge over its ports. Media has an app of its own: of a thousand requests all but a few are for it, and among the many
 * paths of the other its route would be found by a search instead of by one regular expression (16 µs of the 150 it takes). What most of
 * those are, the cache answers before that (`kept-media.ts`).
 */
export function createApp(ports: Ports): EdgeApp {
  const cached = createCachedStore(ports.cache, ports.objects);
  const store = createMakingStore(cached, ports.lookups.make, ports.origin.canMake);
  const places = createViewerPlaces();
  const [media, main] = [createMediaApp(ports, store, places), createMainApp(ports, cached, store)];
  const serveKept = createKeptMedia(ports, places);
  return {
    routes: [...media.routes, ...main.routes],
    fetch: (request, env, context) => {
      const kept = serveKept(request);
      const serve = (): Response | Promise<Response> => media.fetch(request, env, context);
      if (kept !== undefined) return kept.then((response) => response ?? serve(), serve);
      return MEDIA_URL.test(request.url) ? serve() : main.fetch(request, env, context);
    },
  };
}

function createMediaApp(ports: Ports, store: MediaStore, places: ViewerPlaces): Hono<EdgeEnv> {
  const exchange = (serve: ServeMedia) => mediaExchange(ports, PLAYBACK_METHODS, serve);
  const app = createBareApp(ports);
  // The only one, with nothing around it: Hono then calls it directly.
  app.all('/s/:session/:rendition/:file', exchange(serveMedia(ports, store, places)));
  app.notFound(exchange((c) => addPlaybackCors(respondNotFound(c, ports.config.uploadOrigin))));
  return app;
}

/** Order matters: what the edge answers itself stands before what it passes on. */
function createMainApp(ports: Ports, cached: PlacedStore<ObjectPlace>, store: MediaStore): Hono<EdgeEnv> {
  const app = createBareApp(ports);
  const library = createPlaylistLibrary(cached);
  app.use(secureHeaders, requestId, pathGuard);
  app.route('/', healthRoutes(ports));

  for (const path of ['/video/v1/*', '/system/v1/*']) app.use(path, managementCors(ports.config.allowedOrigins));
  const gate = createGate(ports);
  app.route('/system/v1/sessions', sessionRoutes(ports, gate));
  app.route('/video/v1/assets', playbackTokenRoutes(ports, gate));
  app.route('/video/v1', managementRoutes(ports, gate));
  app.route('/system/v1', managementRoutes(ports, gate));

  for (const path of ['/s/*', ...MANIFEST_PATHS]) {
    app.use(path, playbackCors, allowMethods(...PLAYBACK_METHODS), serverTiming(ports.clock));
  }
  for (const path of MANIFEST_PATHS) app.use(path, limitPlayback(ports));
  app.route('/s', externalRoutes(ports, cached, library));
  app.route('/', playbackRoutes(ports, store, library));
  app.all('/s/*', (c) => c.notFound());

  app.use(allowMethods('GET', 'HEAD'));
  app.route('/', webRoutes(ports));
  return app;
}

function createBareApp({ log, config }: Ports): Hono<EdgeEnv> {
  const app = new Hono<EdgeEnv>();
  app.onError((error, c) => respondToError(error, c, log));
  app.notFound((c) => respondNotFound(c, config.uploadOrigin));
  return app;
}
