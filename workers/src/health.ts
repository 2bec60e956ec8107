import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One dependency by name; resolves when it works, to a sentence where there is something to say, and rejects with the reason. */
export type Checks = Readonly<Record<string, () => Promise<unknown>>>;

export interface HealthOptions {
  readonly host: string;
  readonly port: number;
  readonly checks: Checks;
  /** Why only a new process can help; undefined while all is well. */
  readonly findFault: () => string | undefined;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

const CHECK_TIMEOUT_MS = 5_000;

/** `GET /health`: the process lives and works. `GET /ready`: each dependency by name, 503 when one does not work. */
export async function startHealthServer({ host, port, checks, findFault }: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    if (request.url === '/health') {
      const fault = findFault();
      return send(response, fault === undefined ? 200 : 503, { status: fault ?? 'ok' });
    }
    if (request.url !== '/ready') return send(response, 404, { error: { type: 'not_found', messages: ['There is nothing here.'] } });
    runChecks(checks).then(
      (results) => {
        const texts = results.map(({ name, text }) => [name, text] as const);
        send(response, results.every(({ works }) => works) ? 200 : 503, Object.fromEntries(texts));
      },
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

interface CheckResult {
  readonly name: string;
  readonly works: boolean;
  readonly text: string;
}

function runChecks(checks: Checks): Promise<readonly CheckResult[]> {
  return Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        const detail = await Promise.race([check(), rejectLater()]);
        return { name, works: true, text: typeof detail === 'string' ? detail : 'ok' };
      } catch (error) {
        return { name, works: false, text: error instanceof Error ? error.message : String(error) };
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
