import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { UPLOAD_PATH } from './upload/path.ts';

export interface ServerParts {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly handleUpload: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/** A connection without a byte in either direction for so long is lost; event streams send a heartbeat before that. */
const IDLE_SOCKET_MS = 120_000;

/** Uploads bypass Hono, whose web streams would cost them a copy. */
export function createHttpServer({ fetch, handleUpload }: ServerParts): Server {
  const handleApp = getRequestListener(fetch, { overrideGlobalObjects: false });
  const server = createServer((request, response) => {
    void (isUpload(request.url ?? '') ? handleUpload : handleApp)(request, response);
  });
  // Node's limit of five minutes for a whole request would cut every long upload.
  server.requestTimeout = 0;
  server.timeout = IDLE_SOCKET_MS;
  // Longer than the edge keeps an idle connection, so that it never writes into one we are closing.
  server.keepAliveTimeout = 75_000;
  return server;
}

const isUpload = (url: string): boolean => url.startsWith(`${UPLOAD_PATH}/`);

export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

const IDLE_CHECK_MS = 100;
/** For requests that were cut to write down what they have. */
const CUT_MS = 2_000;

/** Takes no more connections, lets running requests end within `graceMs`, cuts the rest. */
export async function closeGracefully(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A kept-alive connection that ends its request after `close` would stay open.
  const idleCheck = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const abandon = new AbortController();
  await Promise.race([closed, sleep(graceMs, undefined, { signal: abandon.signal }).catch(() => undefined)]);
  server.closeAllConnections();
  await Promise.race([closed, sleep(CUT_MS, undefined, { signal: abandon.signal }).catch(() => undefined)]);
  abandon.abort();
  clearInterval(idleCheck);
}
