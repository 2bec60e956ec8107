import { once } from 'node:events';
import { connect } from 'node:net';

/** Empties one database: what a lost Redis leaves. @param redisUrl with the database's number as its path */
export async function emptyRedis(redisUrl: string): Promise<void> {
  const { hostname, port, pathname } = new URL(redisUrl);
  const socket = connect(Number(port), hostname);
  socket.write(`SELECT ${pathname.slice(1)}\r\nFLUSHDB\r\nQUIT\r\n`);
  socket.resume();
  await once(socket, 'close');
}
