import { createServer } from 'node:net';

/**
 * A port of this machine that was free a moment ago, for a server that is killed and started again: below the ports that the kernel
 * gives to outgoing connections (32768 and up), so that none takes it meanwhile.
 */
export async function findSparePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
}

/** Whether nobody listens on this port of the machine. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
