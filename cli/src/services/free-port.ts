import { createServer } from 'node:net';

/** A port on 127.0.0.1 that was free a moment ago. For tests and throw-away services; the launcher plans its ports instead. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('The system gave a socket without a port.'));
      });
    });
  });
}
