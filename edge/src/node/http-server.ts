import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import type { EdgeApp } from '../app.ts';
import { forwardedScheme } from './forwarded.ts';
import type { ServerClients } from './server-clients.ts';
import { createWork } from './work.ts';

export interface HttpServerOptions {
  readonly app: EdgeApp;
  readonly proxyHops: number;
  readonly clients: ServerClients;
}

export interface HttpServer {
  readonly server: Server;
  /** Takes no more connections, lets running requests and what they left running end within `graceMs`, cuts the rest. */
  close(graceMs: number): Promise<void>;
}

/** Without a byte in either direction; event streams send a heartbeat before that. */
const IDLE_SOCKET_MS = 120_000;
const IDLE_CHECK_MS = 100;

export function createHttpServer({ app, proxyHops, clients }: HttpServerOptions): HttpServer {
  const work = createWork();
  const listener = getRequestListener((request, { incoming }) => {
    const scheme = forwardedScheme(incoming.headers['x-forwarded-proto'], proxyHops);
    // Defined on this one request: a new one would be the platform's own, several times as slow.
    if (scheme !== undefined) Object.defineProperty(request, 'url', { value: request.url.replace(/^https?/, scheme) });
    clients.note(request, incoming);
    return app.fetch(request, {}, work.context);
  });
  const server = createServer(listener);
  server.timeout = IDLE_SOCKET_MS;
  // Longer than proxies in front keep an idle connection, so that none of them writes into one that we are closing.
  server.keepAliveTimeout = 75_000;

  return {
    server,
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // A kept-alive connection that ends its request after `close` would stay open.
      const idleCheck = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
      const deadline = new AbortController();
      const drained = closed.then(work.settled);
      await Promise.race([drained, sleep(graceMs, undefined, { signal: deadline.signal }).catch(() => undefined)]);
      deadline.abort();
      clearInterval(idleCheck);
      server.closeAllConnections();
    },
  };
}
