import { createConnection, createServer, type Socket } from 'node:net';

/** A way to Redis that a test can break: the server itself serves other tests. */
export interface RedisProxy {
  readonly url: string;
  /** Refuses and drops connections, as when Redis was stopped. */
  stop(): Promise<void>;
  /** Loses every byte without closing anything, as a firewall does that forgot the connection. Connections of that time never recover. */
  hang(): void;
  /** New connections work as before. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

export async function startRedisProxy(redisUrl: string): Promise<RedisProxy> {
  const { hostname, port, pathname } = new URL(redisUrl);
  const sockets = new Set<Socket>();
  const dead = new WeakSet<Socket>();
  let isHanging = false;
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((client) => {
    track(client);
    const redis = track(createConnection(Number(port), hostname));
    if (isHanging) dead.add(client);
    client.on('data', (chunk) => dead.has(client) || redis.write(chunk));
    redis.on('data', (chunk) => dead.has(client) || client.write(chunk));
    client.on('close', () => redis.destroy());
    redis.on('close', () => client.destroy());
  });
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return {
    url: `redis://127.0.0.1:${address.port}${pathname}`,
    stop,
    hang() {
      isHanging = true;
      for (const socket of sockets) dead.add(socket);
    },
    async resume() {
      isHanging = false;
      if (!server.listening) await listen(address.port);
    },
    async close() {
      if (server.listening) await stop();
    },
  };
}
