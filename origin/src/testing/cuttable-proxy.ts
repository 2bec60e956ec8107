import { connect, createServer, type Server, type Socket } from 'node:net';

/** A stretch of network before a service that can break and be mended. */
export interface CuttableProxy {
  /** The service's address, through the proxy. */
  through(url: string): string;
  /** Breaks every connection and refuses new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** @param port free, on loopback */
export async function startProxy(port: number): Promise<CuttableProxy> {
  const sockets = new Set<Socket>();
  let target = { host: '127.0.0.1', port: 0 };
  let server: Server | undefined;

  const mend = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server = createServer((client) => {
        const upstream = connect(target.port, target.host);
        for (const [from, to] of [
          [client, upstream],
          [upstream, client],
        ] as const) {
          sockets.add(from);
          from.on('error', () => to.destroy());
          from.on('close', () => {
            sockets.delete(from);
            to.destroy();
          });
          from.pipe(to);
        }
      });
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });

  await mend();
  return {
    through(url) {
      const parsed = new URL(url);
      target = { host: parsed.hostname, port: Number(parsed.port) };
      parsed.hostname = '127.0.0.1';
      parsed.port = String(port);
      return parsed.href;
    },
    mend,
    async cut() {
      const closed = new Promise<void>((resolve) => server?.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
