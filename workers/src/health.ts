import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One dependency by name; resolves when it works, rejects with the reason. */
export type Checks = Readonly<Record<string, () => Promise<unknown>>>;

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

const CHECK_TIMEOUT_MS = 5_000;

/** `GET /health`: the process lives. `GET /ready`: each dependency by name, 503 when one does not work. */
export async function startHealthServer(host: string, port: number, checks: Checks): Promise<HealthServer> {
  const server = createServer((request, response) => {
    if (request.url === '/health') return send(response, 200, { status: 'ok' });
    if (request.url !== '/ready') return send(response, 404, { error: { type: 'not_found', messages: ['There is nothing here.'] } });
    runChecks(checks).then(
      (results) => send(response, results.every(([, result]) => result === 'ok') ? 200 : 503, Object.fromEntries(results)),
      () => send(response, 500, {}),
    );
  });
  await listen(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function runChecks(checks: Checks): Promise<(readonly [name: string, result: string])[]> {
  return Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await Promise.race([check(), rejectLater()]);
        return [name, 'ok'] as const;
      } catch (error) {
        return [name, error instanceof Error ? error.message : String(error)] as const;
      }
    }),
  );
}

function rejectLater(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error('does not answer')), CHECK_TIMEOUT_MS).unref();
  });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
}
